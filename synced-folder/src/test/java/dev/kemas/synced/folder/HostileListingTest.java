package dev.kemas.synced.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class HostileListingTest {
  private static final FolderKey KEY = new FolderKey("client", "context", List.of());

  @TempDir Path temp;
  private SyncedFolders folders;

  @BeforeEach
  void open() {
    folders =
        SyncedFolders.open(
            temp,
            new FolderLimits(50, 1 << 20, 5, 4, Duration.ofSeconds(5), 1 << 30, Duration.ofDays(1)),
            Clock.systemUTC());
  }

  @AfterEach
  void close() {
    folders.close();
  }

  private static Entry entry(String path, EntryKind kind, String target) {
    return new Entry(path, kind, 0644, 0, 0, 0, 1, target, Client.NONE);
  }

  private static Entry file(String path) {
    return entry(path, EntryKind.FILE, "");
  }

  private static Entry directory(String path) {
    return entry(path, EntryKind.DIRECTORY, "");
  }

  private static Entry symlink(String path, String target) {
    return entry(path, EntryKind.SYMLINK, target);
  }

  static Stream<List<Entry>> listings() {
    return Stream.of(
        List.of(file("../out")),
        List.of(file("/etc/passwd")),
        List.of(file("..")),
        List.of(file(".")),
        List.of(file("")),
        List.of(file("a//b")),
        List.of(directory("a"), file("a/")),
        List.of(directory("a"), file("a/../b")),
        List.of(directory("a"), file("a/./b")),
        List.of(file("nul\0byte")),
        List.of(file("not/listed")),
        List.of(file("b"), file("a")),
        List.of(file("a"), file("a")),
        List.of(directory("a"), directory("b"), file("a/late")),
        List.of(directory("a"), file("a.b"), file("a/late")),
        List.of(file("a"), file("a/in a file")),
        List.of(symlink("a", "/tmp"), file("a/through a link")),
        List.of(symlink("a", ".."), directory("a/b")),
        List.of(file("n".repeat(256))),
        List.of(file("\u00e9".repeat(128))),
        List.of(
            directory("d"),
            directory("d/d"),
            directory("d/d/d"),
            directory("d/d/d/d"),
            directory("d/d/d/d/d"),
            directory("d/d/d/d/d/d")),
        List.of(new Entry("a", EntryKind.FILE, 0, 0, 0, -1, 1, "", Client.NONE)));
  }

  @ParameterizedTest
  @MethodSource("listings")
  void isRefusedAtTheEntryThatIsWrong(List<Entry> listing) {
    try (FolderSync sync = folders.begin(KEY)) {
      listing.subList(0, listing.size() - 1).forEach(sync::announce);
      assertThatThrownBy(() -> sync.announce(listing.getLast()))
          .isInstanceOf(Fault.InvalidArgument.class)
          .hasMessageContaining("listing of its folder is refused at");
    }
    assertThat(temp.resolve("copies/out")).doesNotExist();
  }

  @ParameterizedTest
  @MethodSource("badLinks")
  void aHardLinkLeadsOnlyToAFileOfTheListing(String target) throws Exception {
    Path outside = Files.writeString(temp.resolve("outside"), "secret");
    try (FolderSync sync = folders.begin(KEY)) {
      sync.announce(directory("a"));
      sync.announce(symlink("b", outside.toString()));
      sync.announce(entry("c", EntryKind.HARD_LINK, target));
      sync.announced();
      assertThatThrownBy(sync::finish)
          .isInstanceOf(Fault.InvalidArgument.class)
          .hasMessageContaining("no file that was listed");
    }
  }

  static Stream<String> badLinks() {
    return Stream.of("../../../outside", "b", "a", "missing", "", "/", "..", "c", "a/b/c");
  }

  @Test
  void moreEntriesOrBytesThanAllowedAreRefusedBeforeTheyTravel() {
    try (FolderSync sync = folders.begin(KEY)) {
      for (int i = 100; i < 150; i++) {
        sync.announce(file("f" + i));
      }
      assertThatThrownBy(() -> sync.announce(file("g")))
          .isInstanceOf(Fault.ResourceExhausted.class)
          .hasMessageContaining(".dockerignore");
    }
    try (FolderSync sync = folders.begin(KEY)) {
      Entry sparse = new Entry("sparse", EntryKind.FILE, 0644, 0, 0, 10L << 30, 1, "", Client.NONE);
      assertThatThrownBy(() -> sync.announce(sparse))
          .isInstanceOf(Fault.ResourceExhausted.class)
          .hasMessageContaining("\"sparse\"");
    }
  }

  @Test
  void moreContentThanAllowedIsRefusedWhateverWasTold() {
    try (FolderSync sync = folders.begin(KEY)) {
      sync.announce(file("small"));
      sync.announced();
      long id = sync.next().orElseThrow();
      sync.receive(id, ByteBuffer.allocate(1 << 20));
      assertThatThrownBy(() -> sync.receive(id, ByteBuffer.allocate(1)))
          .isInstanceOf(Fault.ResourceExhausted.class);
    }
  }

  @Test
  void contentThatWasNotAskedForIsRefused() {
    try (FolderSync sync = folders.begin(KEY)) {
      sync.announce(file("a"));
      assertThatThrownBy(() -> sync.receive(0, ByteBuffer.allocate(1)))
          .isInstanceOf(Fault.InvalidArgument.class);
      sync.next().orElseThrow();
      sync.received(0);
      assertThatThrownBy(() -> sync.received(0)).isInstanceOf(Fault.InvalidArgument.class);
    }
  }
}
