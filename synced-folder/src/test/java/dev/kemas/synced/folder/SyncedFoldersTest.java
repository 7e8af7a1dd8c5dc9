package dev.kemas.synced.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.Stat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SyncedFoldersTest {
  private static final FolderKey KEY = new FolderKey("client", "context", List.of());

  @TempDir Path temp;
  private SyncedFolders folders;
  private final Client client = new Client();

  @BeforeEach
  void open() {
    folders = SyncedFolders.open(temp, FolderLimits.DEFAULT, Clock.systemUTC());
    client
        .directory("a", 10)
        .file("a/one", "1", 11)
        .file("a/two", "22", 12)
        .directory("a.d", 13)
        .file("a.d/three", "333", 14)
        .symlink("link", "../../../etc/passwd")
        .file("empty", "", 15)
        .file("name\nwith lines", "x", 16);
  }

  @AfterEach
  void close() {
    folders.close();
  }

  private SyncedFolder sync() {
    return sync(KEY);
  }

  private SyncedFolder sync(FolderKey key) {
    try (FolderSync sync = folders.begin(key)) {
      return client.send(sync);
    }
  }

  private void reopen() {
    folders.close();
    folders = SyncedFolders.open(temp, FolderLimits.DEFAULT, Clock.systemUTC());
  }

  private void assertIsAsTheClientHasIt() {
    try (SyncedFolder folder = sync()) {
      assertThat(TreeText.of(folder)).isEqualTo(client.wanted());
    }
  }

  @Test
  void allTravelsOnceAndNothingTheNextTime() {
    try (SyncedFolder folder = sync()) {
      assertThat(client.asked).hasSize(5);
      assertThat(TreeText.of(folder)).isEqualTo(client.wanted());
      assertThat(folder.received()).isEqualTo(new SyncedFolder.Received(8, 5, 7));
    }
    try (SyncedFolder folder = sync()) {
      assertThat(client.asked).isEmpty();
      assertThat(TreeText.of(folder)).isEqualTo(client.wanted());
    }
    reopen();
    assertIsAsTheClientHasIt();
    assertThat(client.asked).isEmpty();
  }

  @Test
  void onlyWhatIsAnotherTravels() {
    sync().close();
    client.file("a/two", "zwei", 20).file("a/new", "n", 21).directory("a", 22).remove("empty");
    assertIsAsTheClientHasIt();
    assertThat(client.asked).containsExactly("a/new", "a/two");
    assertIsAsTheClientHasIt();
    assertThat(client.asked).isEmpty();
    assertThat(folders.list()).hasSize(1);
  }

  @Test
  void aFileWithAnotherModeOrTimeTravelsAgain() {
    sync().close();
    client.file("a/one", "1".getBytes(java.nio.charset.StandardCharsets.UTF_8), 0755, 11);
    assertIsAsTheClientHasIt();
    assertThat(client.asked).containsExactly("a/one");
    client.file("a/two", "23", 13);
    assertIsAsTheClientHasIt();
    assertThat(client.asked).containsExactly("a/two");
  }

  @Test
  void eachKindTakesThePlaceOfEachOther() {
    List<Map.Entry<String, Runnable>> kinds =
        List.of(
            Map.entry("file", () -> client.remove("p").file("p", "content", 30)),
            Map.entry(
                "directory",
                () ->
                    client
                        .remove("p")
                        .directory("p", 31)
                        .directory("p/q", 32)
                        .file("p/q/r", "r", 33)),
            Map.entry("symlink", () -> client.remove("p").symlink("p", "a")),
            Map.entry("hard link", () -> client.remove("p").hardLink("p", "a/one")),
            Map.entry(
                "fifo",
                () ->
                    client
                        .remove("p")
                        .put(
                            new Entry("p", EntryKind.FIFO, 0600, 0, 0, 0, 34, "", Client.NONE),
                            new byte[0])),
            Map.entry("nothing", () -> client.remove("p")));
    for (Map.Entry<String, Runnable> from : kinds) {
      for (Map.Entry<String, Runnable> to : kinds) {
        from.getValue().run();
        sync().close();
        to.getValue().run();
        try (SyncedFolder folder = sync()) {
          assertThat(TreeText.of(folder))
              .as(from.getKey() + " to " + to.getKey())
              .isEqualTo(client.wanted());
        }
      }
    }
  }

  @Test
  void aHardLinkIsAnotherNameOfItsFileAlsoWhenThatChanges() {
    client.hardLink("z", "a/one");
    try (SyncedFolder folder = sync()) {
      assertThat(stat(folder, "z").isSameFile(stat(folder, "a/one"))).isTrue();
    }
    client.file("a/one", "another", 40);
    try (SyncedFolder folder = sync()) {
      assertThat(client.asked).containsExactly("a/one");
      assertThat(stat(folder, "z").isSameFile(stat(folder, "a/one"))).isTrue();
      assertThat(TreeText.of(folder)).isEqualTo(client.wanted());
    }
  }

  private static Stat stat(SyncedFolder folder, String path) {
    Path full = folder.root().resolve(path);
    try (Directory directory = Directory.open(full.getParent())) {
      return directory.stat(String.valueOf(full.getFileName())).orElseThrow();
    }
  }

  @Test
  void whoeverReadsKeepsHisViewWhileAnotherChanges() {
    try (SyncedFolder before = sync()) {
      Map<String, String> then = client.wanted();
      client.file("a/one", "changed", 50).remove("a.d").file("b", "b", 51);
      try (SyncedFolder after = sync()) {
        assertThat(client.asked).containsExactly("a/one", "b");
        assertThat(TreeText.of(after)).isEqualTo(client.wanted());
        assertThat(TreeText.of(before)).isEqualTo(then);
      }
      assertThat(TreeText.of(before)).isEqualTo(then);
    }
    assertThat(folders.list()).hasSize(2).noneMatch(FolderUse::inUse);
    assertIsAsTheClientHasIt();
    assertThat(client.asked).isEmpty();
  }

  @Test
  void twoReadersOfTheSameShareACopy() {
    try (SyncedFolder one = sync();
        SyncedFolder other = sync()) {
      assertThat(one.root()).isEqualTo(other.root());
    }
  }

  @Test
  void anotherSelectionBeginsWithWhatIsHereAndTakesNothingAway() {
    sync().close();
    FolderKey some = new FolderKey("client", "context", List.of("a"));
    Client all = client;
    Client part = new Client().directory("a", 10).file("a/one", "1", 11).file("a/two", "22", 12);
    try (FolderSync sync = folders.begin(some);
        SyncedFolder folder = part.send(sync)) {
      assertThat(part.asked).isEmpty();
      assertThat(TreeText.of(folder)).isEqualTo(part.wanted());
    }
    assertIsAsTheClientHasIt();
    assertThat(all.asked).isEmpty();
  }

  @Test
  void whatBreaksOffWhileAnotherReadsKeepsBoth() {
    try (SyncedFolder before = sync()) {
      Map<String, String> then = client.wanted();
      client.file("a/one", "changed", 50).file("b", "b", 51);
      try (FolderSync sync = folders.begin(KEY)) {
        client.send(sync, 1);
      }
      assertThat(TreeText.of(before)).isEqualTo(then);
    }
    assertThat(folders.list()).noneMatch(FolderUse::inUse);
    reopen();
    assertIsAsTheClientHasIt();
    assertThat(client.asked.size()).isLessThan(3);
  }

  @Test
  void copiesOfAFolderAreBounded() {
    for (int i = 0; i < 10; i++) {
      client.file("own", "of " + i, 60 + i);
      sync(new FolderKey("client", "context", List.of("selection " + i))).close();
    }
    assertThat(folders.list()).hasSize(FolderLimits.DEFAULT.copies());
  }

  @Test
  void whatCameBeforeTheEndCutInIsKept() {
    for (int i = 0; i < 20; i++) {
      client.file("many" + (10 + i), "content " + i, 70 + i);
    }
    try (FolderSync sync = folders.begin(KEY)) {
      client.send(sync, 12);
      assertThat(sync.complete()).isFalse();
    }
    assertIsAsTheClientHasIt();
    assertThat(client.asked).hasSize(25 - 12);
    client.file("a/one", "half", 90).remove("a/two").file("many15", "again", 91);
    try (FolderSync sync = folders.begin(KEY)) {
      client.send(sync, 1);
    }
    reopen();
    assertIsAsTheClientHasIt();
    assertThat(client.asked).containsExactly("many15");
  }

  @Test
  void aFileThatIsCutIsNotTaken() {
    try (FolderSync sync = folders.begin(KEY)) {
      client.entries().forEach(sync::announce);
      sync.announced();
      long id = sync.next().orElseThrow();
      sync.receive(id, java.nio.ByteBuffer.wrap(new byte[] {1, 2}));
    }
    assertIsAsTheClientHasIt();
    assertThat(client.asked).hasSize(5);
    assertThat(temp.resolve("copies").toFile().listFiles()).hasSize(1);
  }

  @Test
  void aFileLongerThanToldIsTakenAsItCameAndAskedForAgain() {
    Entry told = new Entry("log", EntryKind.FILE, 0644, 0, 0, 3, 80, "", Client.NONE);
    client.put(told, "longer".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertIsAsTheClientHasIt();
    assertIsAsTheClientHasIt();
    assertThat(client.asked).containsExactly("log");
  }

  @Test
  void aFileWhoseContentDoesNotComeIsNoEmptyFile() {
    client.put(new Entry("secret", EntryKind.FILE, 0, 0, 0, 3, 80, "", Client.NONE), new byte[0]);
    assertThatThrownBy(this::sync)
        .isInstanceOf(Fault.Conflict.class)
        .hasMessageContaining("\"secret\"")
        .hasMessageContaining("make it readable");
  }

  @Test
  void aFolderOfMoreFilesThanAreRememberedComesWhole() {
    client.directory("many", 1);
    for (int i = 0; i < 9000; i++) {
      client.file("many/f%05d".formatted(i), "c" + i, i);
    }
    try (SyncedFolder folder = sync()) {
      assertThat(client.asked).hasSize(9005).doesNotHaveDuplicates();
      assertThat(TreeText.of(folder)).isEqualTo(client.wanted());
    }
    client.file("many/f00001", "x", 2).file("many/f08999", "y", 3);
    assertIsAsTheClientHasIt();
    assertThat(client.asked).containsExactly("many/f00001", "many/f08999");
  }

  @Test
  void longZeroesTakeNoDisk() {
    byte[] zeroes = new byte[8 << 20];
    zeroes[4 << 20] = 1;
    client.file("sparse", zeroes, 0644, 1).file("zero", new byte[1 << 20], 0644, 1);
    try (SyncedFolder folder = sync()) {
      assertThat(TreeText.of(folder)).isEqualTo(client.wanted());
      assertThat(stat(folder, "zero").blocks()).isZero();
    }
  }

  @Test
  void attributesOfAnOwnerAndOfUsersAreKeptAndNoOthers() {
    TreeMap<String, byte[]> xattrs = new TreeMap<>();
    xattrs.put("user.a", new byte[] {1});
    xattrs.put("trusted.overlay.opaque", new byte[] {'y'});
    client
        .put(new Entry("x", EntryKind.FILE, 04711, 7, 8, 1, 5, "", xattrs), new byte[] {9})
        .put(new Entry("y", EntryKind.DIRECTORY, 01777, 7, 8, 0, 5, "", xattrs), new byte[0])
        .file("y/in", "in", 6);
    try (SyncedFolder folder = sync();
        Directory root = Directory.open(folder.root())) {
      for (String name : List.of("x", "y")) {
        Stat stat = root.stat(name).orElseThrow();
        assertThat(List.of(stat.uid(), stat.gid())).containsExactly(7, 8);
        assertThat(root.xattrs(name)).containsOnlyKeys("user.a");
      }
      assertThat(stat(folder, "x").permissions()).isEqualTo(04711);
    }
    client.put(new Entry("y", EntryKind.DIRECTORY, 0755, 0, 0, 0, 9, "", Client.NONE), new byte[0]);
    try (SyncedFolder folder = sync();
        Directory root = Directory.open(folder.root())) {
      assertThat(client.asked).isEmpty();
      assertThat(root.xattrs("y")).isEmpty();
      assertThat(TreeText.of(folder)).isEqualTo(client.wanted());
    }
  }

  @Test
  void whoeverWantsTheSameWaitsForWhatComesAlready() throws Exception {
    FolderSync first = folders.begin(KEY);
    client.entries().forEach(first::announce);
    Client second = new Client();
    client.entries().forEach(entry -> second.put(entry, new byte[0]));
    CompletableFuture<SyncedFolder> waiting =
        CompletableFuture.supplyAsync(() -> {
          try (FolderSync sync = folders.begin(KEY)) {
            return second.send(sync);
          }
        });
    first.close();
    // the first one broke off before a file came: the second one has all to send, and sends nothing
    assertThatThrownBy(() -> waiting.get(30, TimeUnit.SECONDS))
        .hasMessageContaining("sends nothing of it");

    FolderSync third = folders.begin(KEY);
    client.list(third);
    CompletableFuture<SyncedFolder> fourth =
        CompletableFuture.supplyAsync(() -> {
          try (FolderSync sync = folders.begin(KEY)) {
            return second.send(sync);
          }
        });
    try (SyncedFolder mine = client.sendListed(third);
        SyncedFolder shared = fourth.get(30, TimeUnit.SECONDS)) {
      assertThat(second.asked).isEmpty();
      assertThat(shared.root()).isEqualTo(mine.root());
    }
  }

  @Test
  void nobodyWaitsForOneThatMakesNoProgress() {
    folders.close();
    FolderLimits impatient =
        new FolderLimits(1000, 1 << 20, 10, 4, Duration.ofMillis(50), 1 << 20, Duration.ofDays(1));
    folders = SyncedFolders.open(temp, impatient, Clock.systemUTC());
    try (FolderSync stuck = folders.begin(KEY)) {
      stuck.announce(client.entries().getFirst());
      assertIsAsTheClientHasIt();
    }
  }

  @Test
  void theLongestUnusedGoesFirstAndNothingInUse() {
    sync(new FolderKey("one", "context", List.of())).close();
    sync(new FolderKey("two", "context", List.of())).close();
    try (SyncedFolder used = sync(new FolderKey("three", "context", List.of()))) {
      assertThat(folders.prune(Instant.EPOCH, 15)).hasSize(1);
      assertThat(folders.prune(Instant.EPOCH, 15)).isEmpty();
      assertThat(folders.prune(Instant.now().plusSeconds(1), Long.MAX_VALUE)).hasSize(1);
      assertThat(folders.prune(Instant.now().plusSeconds(1), 0)).isEmpty();
      folders.remove(Set.of(folders.list().getFirst().id(), "unknown"));
      assertThat(TreeText.of(used)).isEqualTo(client.wanted());
    }
    reopen();
    assertThat(folders.list()).hasSize(1);
    assertThat(temp.resolve("removed")).isEmptyDirectory();
    folders.remove(Set.of(folders.list().getFirst().id()));
    assertThat(folders.list()).isEmpty();
  }

  @Test
  void whatIsKeptIsBoundedWithoutAnybodyAsking() {
    folders.close();
    FolderLimits small =
        new FolderLimits(1000, 1 << 20, 10, 4, Duration.ofSeconds(5), 20, Duration.ofDays(1));
    folders = SyncedFolders.open(temp, small, Clock.systemUTC());
    for (int i = 0; i < 6; i++) {
      sync(new FolderKey("client " + i, "context", List.of())).close();
    }
    assertThat(folders.list()).hasSize(2);
  }

  @Test
  void anIndexOfBeforeTheLastStartOfTheMachineIsNotTrusted() throws Exception {
    sync().close();
    folders.close();
    Path copy = Directories.only(temp.resolve("copies"));
    byte[] index = Files.readAllBytes(copy.resolve("index"));
    index[12] ^= 1;
    Files.write(copy.resolve("index"), index);
    folders = SyncedFolders.open(temp, FolderLimits.DEFAULT, Clock.systemUTC());
    assertThat(folders.list()).isEmpty();
    assertIsAsTheClientHasIt();
    assertThat(client.asked).hasSize(5);
  }

  @Test
  void anIndexThatEndsInTheMiddleFailsOneBuildAndNoMore() throws Exception {
    sync().close();
    Path index = Directories.only(temp.resolve("copies")).resolve("index");
    byte[] bytes = Files.readAllBytes(index);
    Files.write(index, java.util.Arrays.copyOf(bytes, bytes.length - 150));
    assertThatThrownBy(this::sync).isInstanceOf(Fault.DataLoss.class);
    assertIsAsTheClientHasIt();
    assertThat(client.asked).hasSize(5);
  }

  @Test
  void anInterruptionKeepsWhatCame() {
    try (FolderSync sync = folders.begin(KEY)) {
      client.send(sync, 3);
      Thread.currentThread().interrupt();
    }
    assertThat(Thread.interrupted()).isTrue();
    assertIsAsTheClientHasIt();
    assertThat(client.asked).hasSize(2);
  }

  @Test
  void aDamagedIndexMakesTheFolderTravelAnew() throws Exception {
    sync().close();
    Path index = Directories.only(temp.resolve("copies")).resolve("index");
    byte[] bytes = Files.readAllBytes(index);
    Files.write(index, java.util.Arrays.copyOf(bytes, IndexFile.HEADER));
    assertIsAsTheClientHasIt();
    assertThat(client.asked).hasSize(5);
  }
}
