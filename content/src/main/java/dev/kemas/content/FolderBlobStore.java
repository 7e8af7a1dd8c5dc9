package dev.kemas.content;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.Stat;
import dev.kemas.oci.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Blobs in a folder, in the form of an OCI image layout (image-spec, image-layout.md), which other
 * tools can read. {@code docs/formats.md} describes it. One process has it open at a time.
 *
 * <p>A blob is renamed into place when it is whole, so a killed process leaves whole blobs and
 * resumable ingests only. The disk is waited for in the background ({@link DiskQueue}).
 */
public final class FolderBlobStore implements BlobStore {
  private static final String LAYOUT = "{\"imageLayoutVersion\":\"1.0.0\"}";
  private static final String INDEX = "{\"schemaVersion\":2,\"manifests\":[]}";

  /** Long enough to let a load get through without a journal commit in its way. */
  private static final Duration DISK_DELAY = Duration.ofSeconds(2);

  /** Hash states of closed ingests; more than a pull leaves behind. */
  private static final int KEPT = 256;

  private record Kept(long offset, MessageDigest hash) {}

  private final Path blobs;
  private final Path ingests;
  private final IngestKeys keys = new IngestKeys();
  private final Map<String, Kept> kept = new ConcurrentHashMap<>();
  private final DiskQueue disk;

  private FolderBlobStore(Path blobs, Path ingests, DiskQueue disk) {
    this.blobs = blobs;
    this.ingests = ingests;
    this.disk = disk;
  }

  /**
   * Opens the store in this folder, which is made if it is not there. Blobs that a power failure
   * may have cut off are looked at, and dropped if they were.
   */
  public static FolderBlobStore open(Path root) {
    return open(root, DISK_DELAY);
  }

  static FolderBlobStore open(Path root, Duration diskDelay) {
    try {
      Path blobs = root.resolve("blobs");
      Path ingests = root.resolve("ingest");
      Files.createDirectories(blobs.resolve("sha256"));
      Files.createDirectories(blobs.resolve("sha512"));
      Files.createDirectories(ingests);
      writeOnce(root.resolve("oci-layout"), LAYOUT);
      writeOnce(root.resolve("index.json"), INDEX);
      DiskQueue disk = new DiskQueue(root, blobs, diskDelay);
      FolderBlobStore store = new FolderBlobStore(blobs, ingests, disk);
      disk.recover(store::isWhole);
      store.dropUnresumable();
      return store;
    } catch (IOException e) {
      throw IoFaults.of("cannot open the content store in " + root, e);
    }
  }

  /** What a process that was killed wrote under keys that nobody will ask for again. */
  private void dropUnresumable() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(ingests)) {
      for (Path file : files) {
        if (IngestKeys.isOnce(file.getFileName().toString())) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static void writeOnce(Path file, String text) throws IOException {
    if (!Files.exists(file)) {
      Path temporary = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(temporary, text);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private Path path(Digest digest) {
    return blobs.resolve(digest.algorithm()).resolve(digest.hex());
  }

  @Override
  public Optional<BlobInfo> stat(Digest digest) {
    try {
      BasicFileAttributes found = Files.readAttributes(path(digest), BasicFileAttributes.class);
      return Optional.of(info(digest, found));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw IoFaults.of("cannot look at blob " + digest, e);
    }
  }

  @Override
  public long allocated(Digest digest) {
    try (Directory folder = Directory.open(blobs.resolve(digest.algorithm()))) {
      return folder.stat(digest.hex()).map(Stat::blocks).orElse(0L) * 512;
    }
  }

  private static BlobInfo info(Digest digest, BasicFileAttributes found) {
    return new BlobInfo(digest, found.size(), found.lastModifiedTime().toInstant());
  }

  @Override
  public BlobReader open(Digest digest) {
    try {
      return new FolderReader(digest, FileChannel.open(path(digest), StandardOpenOption.READ));
    } catch (NoSuchFileException e) {
      throw new Fault.NotFound("blob", digest.toString(), "no such blob: " + digest, e);
    } catch (IOException e) {
      throw IoFaults.of("cannot open blob " + digest, e);
    }
  }

  @Override
  public Ingest ingest(String key) {
    keys.take(key);
    return ingestTaken(key);
  }

  @Override
  public Ingest ingest() {
    return ingestTaken(keys.takeNew());
  }

  private Ingest ingestTaken(String key) {
    boolean done = false;
    try {
      FileChannel file =
          FileChannel.open(
              ingests.resolve(key),
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.CREATE);
      long offset = file.size();
      Kept state = kept.remove(key);
      MessageDigest hash;
      if (state != null && state.offset() == offset) {
        hash = state.hash();
      } else {
        hash = Digest.sha256Hasher();
        hash(file, offset, hash, "\"" + key + "\"");
      }
      done = true;
      return new FolderIngest(this, key, file, hash, offset);
    } catch (IOException e) {
      throw IoFaults.of("cannot start an ingest of \"" + key + "\"", e);
    } finally {
      if (!done) {
        keys.release(key);
      }
    }
  }

  /** Adds a file's first bytes to a hash. */
  static void hash(FileChannel file, long length, MessageDigest into, String what) {
    ByteBuffer piece = ByteBuffer.allocate((int) Math.min(256 * 1024, Math.max(1, length)));
    try {
      for (long at = 0; at < length; ) {
        int n = file.read(piece.clear().limit((int) Math.min(piece.capacity(), length - at)), at);
        if (n < 0) {
          throw new Fault.DataLoss(what + " became shorter while it was read");
        }
        into.update(piece.flip());
        at += n;
      }
    } catch (IOException e) {
      throw IoFaults.of("cannot read " + what, e);
    }
  }

  /** The digest in the algorithm of another one. */
  static Digest digest(Digest like, MessageDigest hash) {
    return new Digest(like.algorithm(), HexFormat.of().formatHex(hash.digest()));
  }

  private boolean isWhole(Digest digest) {
    try (FileChannel file = FileChannel.open(path(digest), StandardOpenOption.READ)) {
      MessageDigest hash = digest.hasher();
      hash(file, file.size(), hash, "blob " + digest);
      return digest(digest, hash).equals(digest);
    } catch (IOException e) {
      throw IoFaults.of("cannot check blob " + digest, e);
    }
  }

  /** The bytes of an ingest become visible. */
  BlobInfo publish(String key, Digest digest, long size) {
    Path target = path(digest);
    Path written = ingests.resolve(key);
    try {
      if (!touch(target)) {
        Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("r--r--r--"));
        disk.publish(
            digest,
            () -> {
              // another ingest of the same bytes may have been a moment faster
              if (!touch(target)) {
                Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
              }
            });
      }
      return new BlobInfo(digest, size, Instant.now());
    } catch (IOException e) {
      throw IoFaults.of("cannot store blob " + digest, e);
    }
  }

  private static boolean touch(Path blob) throws IOException {
    try {
      Files.setLastModifiedTime(blob, FileTime.from(Instant.now()));
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** An ingest is over; its file is gone, or of no use. */
  void drop(String key) {
    try {
      Files.deleteIfExists(ingests.resolve(key));
    } catch (IOException e) {
      throw IoFaults.of("cannot drop the ingest of \"" + key + "\"", e);
    } finally {
      keys.release(key);
    }
  }

  /** An ingest is closed, to be resumed. */
  void keep(String key, long offset, MessageDigest hash) {
    if (IngestKeys.isOnce(key)) {
      drop(key);
      return;
    }
    if (kept.size() < KEPT) {
      kept.put(key, new Kept(offset, hash));
    }
    keys.release(key);
  }

  @Override
  public boolean delete(Digest digest) {
    try {
      return Files.deleteIfExists(path(digest));
    } catch (IOException e) {
      throw IoFaults.of("cannot delete blob " + digest, e);
    }
  }

  @Override
  public void walk(Consumer<BlobInfo> visitor) {
    for (String algorithm : List.of("sha256", "sha512")) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(blobs.resolve(algorithm))) {
        for (Path file : files) {
          digest(algorithm, file).flatMap(this::stat).ifPresent(visitor);
        }
      } catch (IOException e) {
        throw IoFaults.of("cannot list the blobs in " + blobs, e);
      }
    }
  }

  /** Empty for a file that somebody else has put there. */
  private static Optional<Digest> digest(String algorithm, Path file) {
    try {
      return Optional.of(new Digest(algorithm, file.getFileName().toString()));
    } catch (Fault.InvalidArgument e) {
      return Optional.empty();
    }
  }

  @Override
  public List<PartialBlob> partials() {
    List<PartialBlob> partials = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(ingests)) {
      for (Path file : files) {
        partial(file).ifPresent(partials::add);
      }
      return partials;
    } catch (IOException e) {
      throw IoFaults.of("cannot list the ingests in " + ingests, e);
    }
  }

  /** Empty when it was committed or dropped since it was listed. */
  private Optional<PartialBlob> partial(Path file) throws IOException {
    try {
      String key = file.getFileName().toString();
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(
          new PartialBlob(
              key, found.size(), found.lastModifiedTime().toInstant(), keys.isOpen(key)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public List<PartialBlob> dropPartials(Instant writtenBefore) {
    List<PartialBlob> dropped = new ArrayList<>();
    for (PartialBlob partial : partials()) {
      if (partial.writtenAt().isBefore(writtenBefore) && takeIfClosed(partial.key())) {
        kept.remove(partial.key());
        drop(partial.key());
        dropped.add(partial);
      }
    }
    return dropped;
  }

  private boolean takeIfClosed(String key) {
    try {
      keys.take(key);
      return true;
    } catch (Fault.Conflict e) {
      return false;
    }
  }

  @Override
  public void sync() {
    disk.drain();
  }

  @Override
  public void close() {
    disk.close();
  }
}
