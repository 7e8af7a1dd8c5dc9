package dev.kemas.daemon;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Keeps a second daemon off a data root. The kernel gives the lock up when the process ends,
 * however it ends.
 */
final class InstanceLock implements AutoCloseable {
  private final FileChannel channel;

  private InstanceLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Makes the folder when it is missing and takes the lock.
   *
   * @throws Fault.Conflict when another daemon has it
   */
  static InstanceLock take(Path dataRoot) {
    Path file = dataRoot.resolve("daemon.lock");
    try {
      Files.createDirectories(
          dataRoot,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (!locked(channel)) {
        String holder = read(channel);
        channel.close();
        throw new Fault.Conflict(
            "the data root "
                + dataRoot
                + " is in use by another daemon"
                + (holder.isEmpty() ? "" : " (process " + holder + ")")
                + "; stop it or choose another with --data-root");
      }
      channel.truncate(0);
      byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
      channel.write(ByteBuffer.wrap(pid));
      return new InstanceLock(channel);
    } catch (IOException e) {
      throw new Fault.Internal("cannot lock the data root " + dataRoot + ": " + e, e);
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // another daemon in this very process, as tests have it
    }
  }

  private static String read(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(20);
    channel.read(text, 0);
    return new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new Fault.Internal("cannot release the data root: " + e, e);
    }
  }
}
