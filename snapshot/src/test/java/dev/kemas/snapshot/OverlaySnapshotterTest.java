package dev.kemas.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OverlaySnapshotterTest extends SnapshotterContract {
  @Override
  Snapshotter open(Path root, Gate gate) {
    return OverlaySnapshotter.open(root, gate);
  }

  @Test
  void layersAreFilledSideBySideAndPutInOrderAtTheCommit() {
    assertThat(snapshots.fillsWithoutParent()).isTrue();
    List<Fill> fills = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      fills.add(snapshots.fill(Optional.empty()));
    }
    for (int i = 2; i >= 0; i--) {
      Shell.sh(fills.get(i).target().root(), "echo " + i + " > f; echo x > only" + i);
    }
    Optional<SnapshotName> parent = Optional.empty();
    for (int i = 0; i < 3; i++) {
      fills.get(i).commit(name("l" + i), parent);
      parent = upon("l" + i);
    }
    assertThat(Shell.sh(mount(snapshots.prepare(name("c"), parent)), "ls; cat f"))
        .isEqualTo("f\nonly0\nonly1\nonly2\n2\n");
  }

  @Test
  void theChangesAreTheUpperFolder() {
    layer("base", Optional.empty(), "echo x > f; echo y > g");
    Path target = mount(snapshots.prepare(name("c"), upon("base")));
    Shell.sh(target, "rm f; echo z > h");
    assertThat(snapshots.changes(name("c")))
        .isInstanceOfSatisfying(
            Changes.OverlayUpper.class,
            c ->
                assertThat(Shell.sh(c.upper(), "stat -c '%n %F' *"))
                    .isEqualTo("f character special file\nh regular file\n"));
  }
}
