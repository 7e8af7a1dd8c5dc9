package dev.kemas.mount.travel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.oci.Descriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Contents of mounts from one folder to another. */
class MountTravelTest {
  @TempDir Path temp;
  private final TestPlace place = new TestPlace();
  private Path a;
  private Path b;

  @BeforeEach
  void folders() throws IOException {
    a = Files.createDirectories(temp.resolve("a/files"));
    b = Files.createDirectories(temp.resolve("b/files"));
  }

  private MountExport.Report leave(Path files) {
    return MountExport.export(files, "pip", place, TravelLimits.DEFAULT, TravelWatch.NONE);
  }

  private Optional<MountImport.Report> come(Path files) {
    return MountImport.merge(
        files, files.getParent(), place, TravelLimits.DEFAULT, TravelWatch.NONE);
  }

  private static List<String> beside(Path files) throws IOException {
    try (var all = Files.list(files.getParent())) {
      return all.map(path -> path.getFileName().toString()).toList();
    }
  }

  @Test
  void allThatTravelsComesAsItWas() throws IOException {
    Folders.wheels(a, 0, 20);
    Folders.write(a, "large", Folders.random(1, 9_000_000));
    Folders.write(a, "empty", new byte[0]);
    Folders.write(a, "dir/with a name\nof two lines ü", new byte[] {1, 2});
    Files.createDirectories(a.resolve("nothing/in/it"));
    try (Directory root = Directory.open(a)) {
      root.symlink("/nowhere/in/particular", "link");
      root.chown("link", 5, 6);
      root.chown("empty", 1000, 70000);
      root.chmod("empty", 0604);
      root.setXattr("empty", "user.origin", new byte[] {7});
      root.chmod("dir", 01777);
    }
    MountExport.Report left = leave(a);
    assertThat(left.notes()).isEmpty();
    assertThat(left.sentChunks()).isEqualTo(left.chunks());
    MountImport.Report came = come(b).orElseThrow();
    assertThat(came.notes()).isEmpty();
    assertThat(came.chunks()).isEqualTo(left.chunks());
    assertThat(Folders.seen(b)).isEqualTo(Folders.seen(a));
    assertThat(beside(b)).containsExactly("files");
  }

  @Test
  void theSameContentsAreTheSameArtifact() throws IOException {
    Folders.wheels(a, 0, 30);
    // another order of making, and another machine
    Folders.wheels(b, 15, 30);
    Folders.wheels(b, 0, 15);
    leave(a);
    byte[] first = place.manifest.orElseThrow();
    place.forget();
    assertThat(leave(b).sentChunks()).isZero();
    assertThat(place.sent).isEmpty();
    assertThat(place.manifest.orElseThrow()).isEqualTo(first);
    TestPlace other = new TestPlace();
    MountExport.export(b, "pip", other, TravelLimits.DEFAULT, TravelWatch.NONE);
    assertThat(other.manifest.orElseThrow()).isEqualTo(first);
  }

  @Test
  void oneNewWheelIsAllThatTravels() throws IOException {
    Folders.wheels(a, 0, 60);
    leave(a);
    come(b);
    place.forget();

    byte[] wheel = Folders.random(77, 3_000_000);
    Folders.write(a, "http-v2/7/7/77aa", Folders.random(78, 900));
    Folders.write(a, "http-v2/7/7/77aa.body", wheel);
    MountExport.Report left = leave(a);
    assertThat(left.bytes()).isGreaterThan(40_000_000);
    // the wheel, and the small files that are packed with its head
    assertThat(left.sentBytes()).isBetween(3_000_000L, 5_200_000L);

    MountImport.Report came = come(b).orElseThrow();
    assertThat(came.absent()).isBetween(2, 4);
    assertThat(came.fetchedBytes()).isBetween(3_000_000L, 5_200_000L);
    assertThat(came.fetchedBytes()).isEqualTo(TestPlace.bytes(TestPlace.chunks(place.fetched)));
    assertThat(Folders.seen(b)).isEqualTo(Folders.seen(a));
  }

  @Test
  void aChangeInALargeFileChangesFewChunks() throws IOException {
    byte[] bytes = Folders.random(3, 40_000_000);
    Folders.write(a, "database", bytes);
    int chunks = leave(a).chunks();
    assertThat(chunks).isBetween(10, 80);
    byte[] longer = new byte[bytes.length + 5];
    System.arraycopy(bytes, 0, longer, 0, 20_000_000);
    System.arraycopy(bytes, 20_000_000, longer, 20_000_005, 20_000_000);
    Folders.write(a, "database", longer);
    assertThat(leave(a).sentChunks()).isBetween(1, 3);
  }

  @Test
  void manySmallFilesAreFewChunks() throws IOException {
    for (int i = 0; i < 8_000; i++) {
      Path file = a.resolve("d" + i % 100).resolve("file" + i);
      Files.createDirectories(file.getParent());
      Files.write(file, Folders.random(i, i % 600));
    }
    MountExport.Report left = leave(a);
    assertThat(left.entries()).isEqualTo(8_100);
    assertThat(left.chunks()).isBetween(2, 20);
    assertThat(come(b).orElseThrow().absent()).isEqualTo(8_100);
    assertThat(Folders.seen(b)).isEqualTo(Folders.seen(a));
    Files.write(a.resolve("d50/another"), Folders.random(7, 100));
    assertThat(leave(a).sentChunks()).isBetween(1, 2);
  }

  @Test
  void whatIsThereStays() throws IOException {
    Folders.write(a, "same", new byte[] {1});
    Folders.write(a, "dir/file", new byte[] {2});
    Folders.write(b, "same", new byte[] {3});
    Folders.write(b, "dir", new byte[] {4});
    leave(a);
    MountImport.Report came = come(b).orElseThrow();
    assertThat(came.notes()).singleElement().asString().contains("dir/file");
    assertThat(Files.readAllBytes(b.resolve("same"))).containsExactly(3);
    assertThat(Files.readAllBytes(b.resolve("dir"))).containsExactly(4);
  }

  @Test
  void aLinkInTheMountLeadsNowhere() throws IOException {
    Path outside = Files.createDirectories(temp.resolve("outside"));
    Folders.write(a, "dir/file", new byte[] {2});
    Files.createSymbolicLink(b.resolve("dir"), outside);
    leave(a);
    come(b);
    assertThat(outside).isEmptyDirectory();
    Files.createSymbolicLink(a.resolve("to-outside"), outside);
    Folders.write(outside, "secret", new byte[] {9});
    assertThat(leave(a).entries()).isEqualTo(3);
  }

  @Test
  void theNewestUsedTravelWhenThereIsTooMuch() throws IOException {
    for (int i = 0; i < 10; i++) {
      Folders.write(a, "file" + i, Folders.random(i, 100_000));
      try (Directory root = Directory.open(a)) {
        Instant made = Instant.ofEpochSecond(1_600_000_000);
        root.times("file" + i, made.plusSeconds(i == 3 ? 1_000_000 : i), made);
      }
    }
    MountExport.Report left =
        MountExport.export(a, "pip", place, new TravelLimits(250_000), TravelWatch.NONE);
    assertThat(left.bytes()).isEqualTo(200_000);
    assertThat(left.notes())
        .singleElement()
        .asString()
        .contains("8 left out", "250000 bytes", "file0");
    come(b);
    assertThat(Folders.seen(b)).containsOnlyKeys("file3", "file9");
    // being read for a journey is no use
    assertThat(
            Files.readAttributes(
                    a.resolve("file9"), java.nio.file.attribute.BasicFileAttributes.class)
                .lastAccessTime())
        .isEqualTo(FileTime.from(Instant.ofEpochSecond(1_600_000_009)));
  }

  @Test
  void rightsDoNotTravel() throws IOException {
    Folders.write(a, "program", new byte[] {1});
    Folders.write(a, "capable", new byte[] {2});
    try (Directory root = Directory.open(a)) {
      root.chmod("program", 06755);
      // vfs_cap_data of revision 2: CAP_NET_RAW (capability.h)
      byte[] capability = new byte[20];
      capability[3] = 2;
      capability[0] = 1;
      capability[5] = 0x20;
      root.setXattr("capable", "security.capability", capability);
      root.mknod("pipe", FileType.FIFO, 0600, 0, 0);
      root.mknod("device", FileType.CHARACTER_DEVICE, 0600, 1, 3);
    }
    assertThat(leave(a).notes()).singleElement().asString().contains("2 left out", "pipe");
    come(b);
    Map<String, String> seen = Folders.seen(b);
    assertThat(seen).containsOnlyKeys("program", "capable");
    assertThat(seen.get("program")).contains(" 100755 ");
    assertThat(seen.get("capable")).endsWith("[]");
  }

  @Test
  void aPlaceThatDiesLeavesTheMountAsItWas() throws IOException {
    Folders.wheels(a, 0, 30);
    leave(a);
    Folders.write(b, "own", new byte[] {1});
    Map<String, String> before = Folders.seen(b);
    place.forget();
    place.failsAfter = 5;
    assertThatThrownBy(() -> come(b)).isInstanceOf(Fault.Unavailable.class);
    assertThat(Folders.seen(b)).isEqualTo(before);
    assertThat(beside(b)).containsExactly("files");
    place.failsAfter = Integer.MAX_VALUE;
    come(b);
    assertThat(Folders.seen(b)).containsAllEntriesOf(Folders.seen(a));
  }

  @Test
  void anExportThatIsCutOffLeavesTheOneBefore() throws IOException {
    Folders.wheels(a, 0, 10);
    leave(a);
    Map<String, String> whole = Folders.seen(a);
    Folders.wheels(a, 10, 30);
    place.forget();
    place.failsAfter = 3;
    assertThatThrownBy(() -> leave(a)).isInstanceOf(Fault.Unavailable.class);
    place.failsAfter = Integer.MAX_VALUE;
    come(b);
    assertThat(Folders.seen(b)).isEqualTo(whole);
  }

  @Test
  void eachDamagedBlobIsNoticed() throws IOException {
    Folders.wheels(a, 0, 8);
    leave(a);
    place.forget();
    come(b);
    for (Descriptor blob : List.copyOf(place.fetched)) {
      Path c = Files.createDirectories(temp.resolve("c" + blob.digest().shortHex() + "/files"));
      byte[] good = place.blobs.get(blob.digest());
      byte[] bad = good.clone();
      bad[bad.length / 2] ^= 1;
      place.blobs.put(blob.digest(), bad);
      assertThatThrownBy(() -> come(c)).isInstanceOf(Fault.DataLoss.class);
      place.blobs.remove(blob.digest());
      assertThatThrownBy(() -> come(c)).isInstanceOf(Fault.NotFound.class);
      place.blobs.put(blob.digest(), good);
      assertThat(c).isEmptyDirectory();
      assertThat(beside(c)).containsExactly("files");
    }
  }

  @Test
  void aDamagedArtifactIsReplacedByTheNextExport() throws IOException {
    Folders.wheels(a, 0, 8);
    leave(a);
    place.manifest = Optional.of(new byte[] {'{'});
    assertThat(leave(a).notes()).singleElement().asString().contains("not used");
    leave(a);
    place.blobs.clear();
    leave(a);
    come(b);
    assertThat(Folders.seen(b)).isEqualTo(Folders.seen(a));
  }

  /** Who writes it counts at its begin, then at its end: at any moment these differ by one. */
  @Test
  void aFileThatChangesMeanwhileIsWholeOrLeftOut() throws Exception {
    int end = 3_000_000;
    Folders.wheels(a, 0, 10);
    Folders.write(a, "a-restless", new byte[end + 8]);
    AtomicBoolean over = new AtomicBoolean();
    Thread writer =
        Thread.ofPlatform()
            .start(() -> {
              try (FileChannel file =
                  FileChannel.open(a.resolve("a-restless"), StandardOpenOption.WRITE)) {
                for (long count = 1; !over.get(); count++) {
                  file.write(ByteBuffer.allocate(8).putLong(0, count), 0);
                  file.write(ByteBuffer.allocate(8).putLong(0, count), end);
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    try {
      for (int i = 0; i < 5; i++) {
        MountExport.Report left = leave(a);
        Path c = Files.createDirectories(temp.resolve("c" + i + "/files"));
        come(c);
        if (Files.exists(c.resolve("a-restless"))) {
          ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(c.resolve("a-restless")));
          assertThat(bytes.getLong(0) - bytes.getLong(end)).isBetween(0L, 1L);
        } else {
          assertThat(left.notes()).singleElement().asString().contains("a-restless");
        }
        assertThat(Folders.seen(c)).hasSizeGreaterThan(20);
      }
    } finally {
      over.set(true);
      writer.join();
    }
  }

  @Test
  void nothingThereIsNothing() {
    assertThat(come(b)).isEmpty();
  }

  @Test
  void aCancelledImportLeavesNothing() throws IOException {
    Folders.wheels(a, 0, 30);
    leave(a);
    TravelWatch cancelled =
        new TravelWatch() {
          private int moved;

          @Override
          public synchronized void check() {
            if (moved > 3) {
              throw new Fault.Cancelled("enough");
            }
          }

          @Override
          public synchronized void moved(long bytes) {
            moved++;
          }
        };
    assertThatThrownBy(
            () -> MountImport.merge(b, b.getParent(), place, TravelLimits.DEFAULT, cancelled))
        .isInstanceOf(Fault.Cancelled.class);
    assertThat(b).isEmptyDirectory();
    assertThat(beside(b)).containsExactly("files");
  }
}
