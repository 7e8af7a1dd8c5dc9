package dev.kemas.registry.store;

import dev.kemas.content.BlobStore;
import dev.kemas.content.FolderBlobStore;
import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A registry in a folder: blobs in {@code content}, records in {@code records}. One server has it
 * at a time; that is why records may be kept in memory.
 */
final class FolderStorage implements Storage {
  private static final long KEPT_BYTES = 16L << 20;

  private final Path root;
  private final FileChannel lock;
  private final BlobStore blobs;
  private final Records records;

  private FolderStorage(Path root, FileChannel lock, BlobStore blobs, Records records) {
    this.root = root;
    this.lock = lock;
    this.blobs = blobs;
    this.records = records;
  }

  /**
   * Opens the folder, which is made when it is not there.
   *
   * @throws Fault.Conflict when another server has it
   */
  static FolderStorage open(Path folder) {
    Path root = folder.toAbsolutePath().normalize();
    try {
      Files.createDirectories(root);
      FileChannel lock =
          FileChannel.open(
              root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!locked(lock)) {
        lock.close();
        throw new Fault.Conflict(
            "the folder "
                + root
                + " is in use by another registry: stop it, choose another folder with --root, or"
                + " let several servers share a bucket with --s3");
      }
      return new FolderStorage(
          root,
          lock,
          FolderBlobStore.open(root.resolve("content")),
          new KeptRecords(new FolderRecords(root.resolve("records")), KEPT_BYTES));
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot open the folder " + root + ": " + e.getMessage(), e);
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // another one in this very process, as tests have it
    }
  }

  @Override
  public BlobStore blobs() {
    return blobs;
  }

  @Override
  public Records records() {
    return records;
  }

  @Override
  public String describe() {
    return root.toString();
  }

  @Override
  public void close() {
    blobs.close();
    try {
      lock.close();
    } catch (IOException e) {
      throw new Fault.Internal("cannot release the folder " + root + ": " + e.getMessage(), e);
    }
  }
}
