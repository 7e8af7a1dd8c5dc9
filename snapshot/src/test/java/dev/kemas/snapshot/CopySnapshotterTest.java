package dev.kemas.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CopySnapshotterTest extends SnapshotterContract {
  @Override
  Snapshotter open(Path root, Gate gate) {
    return CopySnapshotter.open(root, gate);
  }

  @Test
  void aFillNeedsItsParentBeforehand() {
    layer("base", Optional.empty(), "echo x > f");
    assertThat(snapshots.fillsWithoutParent()).isFalse();
    Fill fill = snapshots.fill(Optional.empty());
    assertThatThrownBy(() -> fill.commit(name("top"), upon("base")))
        .isInstanceOf(Fault.InvalidArgument.class);
  }

  @Test
  void theChangesAreBetweenTwoTrees() {
    layer("base", Optional.empty(), "echo x > f");
    snapshots.prepare(name("c"), upon("base"));
    assertThat(snapshots.changes(name("c")))
        .isInstanceOfSatisfying(Changes.Trees.class, c -> assertThat(c.lower()).isPresent());
    assertThat(snapshots.changes(name("base")))
        .isInstanceOfSatisfying(Changes.Trees.class, c -> assertThat(c.lower()).isEmpty());
  }

  @Test
  void holesStayHoles() {
    layer(
        "base", Optional.empty(), "truncate -s 8M f; printf x | dd of=f bs=1 seek=4M conv=notrunc");
    Path target = mount(snapshots.prepare(name("c"), upon("base")));
    assertThat(Shell.sh(target, "stat -c %s f")).isEqualTo("8388608\n");
    assertThat(Long.parseLong(Shell.sh(target, "du -k f | cut -f1").strip())).isLessThan(64);
    assertThat(Shell.sh(target, "tr -d '\\0' < f")).isEqualTo("x");
  }
}
