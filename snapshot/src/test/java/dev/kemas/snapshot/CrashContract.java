package dev.kemas.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is there after the process ended at any step, and after a power failure. */
abstract class CrashContract extends SnapshotterFixture {
  /** Ends the process, as it were, before its n-th change of the disk. */
  static final class Crash implements Gate {
    static final class Ended extends Error {
      private static final long serialVersionUID = 1L;

      Ended(String step) {
        super(step, null, false, false);
      }
    }

    private int left;
    private boolean ended;

    Crash(int after) {
      left = after;
    }

    @Override
    public synchronized void pass(String step) {
      if (ended || left-- == 0) {
        ended = true;
        if (step.startsWith("background")) {
          throw new Fault.Unavailable("the process has ended");
        }
        throw new Ended(step);
      }
    }
  }

  interface Work {
    void on(Snapshotter s);
  }

  interface Check {
    void on(Snapshotter s, boolean finished);
  }

  /** Crashes at each step until the work gets through; after each, a new process looks at it. */
  private void crashAtEveryStep(Work before, Work work, Check check) {
    boolean finished = false;
    int step = 0;
    for (; !finished; step++) {
      Shell.sh(temp, "rm -rf snapshots");
      try (Snapshotter first = open(root(), Gate.OPEN)) {
        before.on(first);
      }
      Snapshotter crashing = open(root(), new Crash(step));
      try {
        work.on(crashing);
        finished = true;
      } catch (Crash.Ended e) {
        finished = false;
      }
      crashing.close();
      Snapshotter after = open(root(), Gate.OPEN);
      check.on(after, finished);
      List<String> names = new ArrayList<>();
      after.walk(s -> names.add(s.name().value()));
      after.close();
      assertThat(Shell.sh(root(), "ls -A | wc -l").strip())
          .as("folders after a crash at step " + step + " with " + names)
          .isEqualTo(Integer.toString(names.size()));
    }
    assertThat(step).isGreaterThan(1);
  }

  private static void base(Snapshotter s) {
    try (Fill fill = s.fill(Optional.empty())) {
      Shell.sh(fill.target().root(), "echo x > f");
      fill.commit(name("base"), Optional.empty());
    }
  }

  private static final Optional<SnapshotName> ON_BASE = upon("base");

  @Test
  void prepareHappensOrNot() {
    crashAtEveryStep(
        CrashContract::base,
        s -> s.prepare(name("c"), ON_BASE),
        (s, finished) -> {
          boolean there = s.stat(name("c")).isPresent();
          assertThat(there || !finished).isTrue();
          if (there) {
            s.mounts(name("c"));
          } else {
            s.prepare(name("c"), ON_BASE);
          }
        });
  }

  @Test
  void aFillHappensOrNot() {
    crashAtEveryStep(
        CrashContract::base,
        s -> {
          Fill fill = s.fill(ON_BASE);
          Shell.sh(fill.target().root(), "echo y > g");
          fill.commit(name("top"), ON_BASE);
        },
        (s, finished) -> {
          boolean there = s.stat(name("top")).isPresent();
          assertThat(there || !finished).isTrue();
          if (there) {
            assertThat(s.usage(name("top")).inodes()).isGreaterThanOrEqualTo(2);
          }
        });
  }

  @Test
  void aCommitHappensOrNot() {
    crashAtEveryStep(
        s -> {
          base(s);
          s.prepare(name("c"), ON_BASE);
        },
        s -> s.commit(name("c"), name("top")),
        (s, finished) -> {
          boolean committed = s.stat(name("top")).isPresent();
          assertThat(s.stat(name("c")).isPresent()).isEqualTo(!committed);
          assertThat(committed || !finished).isTrue();
          if (!committed) {
            s.commit(name("c"), name("top"));
          }
        });
  }

  @Test
  void aRemovalHappensOrNot() {
    crashAtEveryStep(
        s -> {
          base(s);
          s.prepare(name("c"), ON_BASE);
        },
        s -> {
          s.remove(name("c"));
          s.remove(name("base"));
        },
        (s, finished) -> {
          boolean there = s.stat(name("c")).isPresent();
          boolean base = s.stat(name("base")).isPresent();
          assertThat(base || !there).isTrue();
          assertThat(there && finished).isFalse();
          s.walk(i -> s.remove(i.name()));
        });
  }

  @Test
  void aCountedUsageIsKeptOrNot() {
    crashAtEveryStep(
        CrashContract::base,
        s -> s.usage(name("base")),
        (s, finished) -> assertThat(s.usage(name("base")).inodes()).isEqualTo(2));
  }

  @Test
  void aLayerThatAPowerFailureMayHaveDamagedIsDroppedWithThoseUponIt() {
    layer("old", Optional.empty(), "echo x > f");
    layer("new", upon("old"), "echo x > g");
    layer("newer", upon("new"), "echo x > h");
    snapshots.prepare(name("container"), upon("newer"));
    snapshots.close();
    // as the next boot finds it: the first layer had reached the disk, the others had not all
    Shell.sh(
        root(),
        "for r in */record; do case $(readlink $r) in"
            + " committed:*:old:*|committed:*:newer:*) rm ${r%record}unsynced;;"
            + " committed:*:new:*) ln -sfn an-earlier-boot ${r%record}unsynced;; esac; done");
    Snapshotter after = reopen(Gate.OPEN);
    assertThat(after.stat(name("old"))).isPresent();
    assertThat(after.stat(name("new"))).isEmpty();
    assertThat(after.stat(name("newer"))).isEmpty();
    assertThat(after.stat(name("container"))).isPresent();
    if (after.fillsWithoutParent()) {
      // a copy has everything itself
      assertThatThrownBy(() -> after.mounts(name("container")))
          .isInstanceOf(Fault.NotFound.class)
          .hasMessageContaining("unpack its image again");
    }
    snapshots = after;
    layer("new", upon("old"), "echo x > g");
    layer("newer", upon("new"), "echo x > h");
    assertThat(Shell.sh(mount(after.mounts(name("container"))), "ls")).isEqualTo("f\ng\nh\n");
  }

  @Test
  void aLayerIsMarkedUntilItIsOnTheDisk() {
    layer("base", Optional.empty(), "echo x > f");
    assertThat(Shell.sh(root(), "ls */unsynced | wc -l")).isEqualTo("1\n");
    snapshots.close();
    SnapshotFolder folder = SnapshotFolder.open(root(), Gate.OPEN, Duration.ZERO);
    assertThat(folder.load()).hasSize(1);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (Files.exists(root().resolve("1/unsynced"), LinkOption.NOFOLLOW_LINKS)) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
    folder.close();
  }

  @Test
  void aRecordThatCannotBeReadIsNotTakenForNothing() throws IOException {
    snapshots.prepare(name("c"), Optional.empty());
    snapshots.close();
    Shell.sh(root(), "ln -sfn nonsense */record");
    assertThatThrownBy(() -> open(root(), Gate.OPEN))
        .isInstanceOf(Fault.DataLoss.class)
        .hasMessageContaining("nonsense");
  }
}
