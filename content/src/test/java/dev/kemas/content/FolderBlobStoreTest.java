package dev.kemas.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderBlobStoreTest extends BlobStoreContract {
  @TempDir Path temp;

  @Override
  BlobStore open() {
    return FolderBlobStore.open(temp.resolve("content"));
  }

  /** As after kill -9: whatever the old one holds open is never closed. */
  private BlobStore reopened() {
    return open();
  }

  private Path blob(Digest digest) {
    return temp.resolve("content/blobs").resolve(digest.algorithm()).resolve(digest.hex());
  }

  private List<String> markers() throws IOException {
    try (Stream<Path> files = Files.list(temp.resolve("content/unsynced"))) {
      return files.map(f -> f.getFileName().toString()).toList();
    }
  }

  @Test
  void aPartOfABlobIsMemory() throws Exception {
    try (FolderBlobStore store = FolderBlobStore.open(temp.resolve("mapped"))) {
      byte[] content = new byte[100_000];
      new java.util.Random(1).nextBytes(content);
      BlobInfo blob = store.put(content);
      try (BlobReader reader = store.open(blob.digest());
          java.lang.foreign.Arena life = java.lang.foreign.Arena.ofShared()) {
        byte[] read = new byte[50_000];
        reader.map(40_000, 50_000, life).orElseThrow().get(read);
        assertThat(read).isEqualTo(java.util.Arrays.copyOfRange(content, 40_000, 90_000));
      }
    }
  }

  @Test
  void theFolderIsAnOciImageLayout() throws IOException {
    Digest digest = store.put(bytes("hello")).digest();
    assertThat(temp.resolve("content/oci-layout")).hasContent("{\"imageLayoutVersion\":\"1.0.0\"}");
    assertThat(temp.resolve("content/index.json"))
        .hasContent("{\"schemaVersion\":2,\"manifests\":[]}");
    assertThat(Files.readString(blob(digest))).isEqualTo("hello");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(blob(digest))))
        .isEqualTo("r--r--r--");
  }

  @Test
  void anIngestOutlivesTheProcess() {
    byte[] content = random(1_000_000, 9);
    Ingest first = store.ingest("k");
    first.write(ByteBuffer.wrap(content, 0, 700_000));
    try (BlobStore after = reopened();
        Ingest second = after.ingest("k")) {
      assertThat(second.offset()).isEqualTo(700_000);
      second.write(ByteBuffer.wrap(content, 700_000, 300_000));
      second.commit(content.length, Digest.of(content));
      assertThat(after.read(Digest.of(content), 1 << 20)).isEqualTo(content);
    }
  }

  @Test
  void partialBytesDamagedWhileNobodyLookedAreFoundAtTheCommit() throws IOException {
    byte[] content = random(100_000, 10);
    try (Ingest first = store.ingest("k")) {
      first.write(ByteBuffer.wrap(content, 0, 50_000));
    }
    byte[] damaged = Files.readAllBytes(temp.resolve("content/ingest/k"));
    damaged[100] ^= 1;
    Files.write(temp.resolve("content/ingest/k"), damaged);
    try (BlobStore after = reopened();
        Ingest second = after.ingest("k")) {
      second.write(ByteBuffer.wrap(content, 50_000, 50_000));
      assertThatThrownBy(() -> second.commit(100_000, Digest.of(content)))
          .isInstanceOf(Fault.DataLoss.class);
    }
  }

  @Test
  void aKilledProcessLosesNoCommittedBlob() {
    Digest digest = store.put(random(100_000, 11)).digest();
    try (BlobStore after = reopened()) {
      assertThat(after.read(digest, 1 << 20)).isEqualTo(random(100_000, 11));
    }
  }

  @Test
  void aBlobIsMarkedUntilItIsOnTheDisk() throws IOException {
    Digest digest = store.put(bytes("x")).digest();
    assertThat(markers()).containsExactly("sha256-" + digest.hex());
    store.sync();
    assertThat(markers()).isEmpty();
  }

  @Test
  void aBlobReachesTheDiskWithoutBeingAskedFor() throws Exception {
    store.close();
    store = FolderBlobStore.open(temp.resolve("content"), Duration.ZERO);
    store.put(bytes("x"));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!markers().isEmpty()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void aBlobThatAPowerFailureCutOffIsDroppedAndAWholeOneKept() throws IOException {
    Digest cut = store.put(random(100_000, 12)).digest();
    Digest whole = store.put(random(100_000, 13)).digest();
    Digest never = Digest.of(bytes("renamed too late"));
    store.sync();
    // what the disk looks like in the next boot
    for (Digest digest : List.of(cut, whole, never)) {
      Files.createSymbolicLink(
          temp.resolve("content/unsynced/sha256-" + digest.hex()), Path.of("an-earlier-boot"));
    }
    Files.setPosixFilePermissions(blob(cut), PosixFilePermissions.fromString("rw-r--r--"));
    Files.write(blob(cut), new byte[100_000]);
    try (BlobStore after = reopened()) {
      assertThat(after.stat(cut)).isEmpty();
      assertThat(after.read(whole, 1 << 20)).isEqualTo(random(100_000, 13));
      after.sync();
      assertThat(markers()).isEmpty();
    }
  }

  @Test
  void aBlobDeletedBeforeItReachedTheDiskLeavesNoMarker() throws IOException {
    Digest digest = store.put(bytes("x")).digest();
    store.delete(digest);
    store.sync();
    assertThat(markers()).isEmpty();
  }

  @Test
  void aStrangersFileInTheFolderIsLeftAlone() throws IOException {
    Path strange = temp.resolve("content/blobs/sha256/README");
    Files.writeString(strange, "?");
    store.walk(b -> assertThat(b).isNull());
    assertThat(Files.exists(strange, LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  @Test
  void whatAKilledProcessWroteForNobodyGoesWhenItIsOpened(@TempDir Path root) throws IOException {
    FolderBlobStore.open(root).close();
    Files.writeString(root.resolve("ingest/once-0123"), "left over");
    Files.writeString(root.resolve("ingest/layer-x"), "to be resumed");
    try (FolderBlobStore again = FolderBlobStore.open(root)) {
      assertThat(again.partials()).extracting(PartialBlob::key).containsExactly("layer-x");
    }
  }
}
