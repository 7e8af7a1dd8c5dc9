package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes small files whole or not at all: into a draft beside the target, which then takes its
 * place by a rename. A reader, also one after a crash of this process, sees the old content or the
 * new one, never a part. A crash may leave a draft, named {@code .NAME.kemas-*}.
 */
public final class DurableFile {
  /** What must survive what. */
  public enum Durability {
    /** A crash of this process. */
    PROCESS,
    /** A crash of the machine as well: the content and the directory are on the disk on return. */
    MACHINE
  }

  private DurableFile() {}

  /**
   * Writes the file, replacing what is there.
   *
   * @param permissions of the file, whatever the umask
   * @throws Fault.NotFound when the directory does not exist
   * @throws Fault.ResourceExhausted when the disk is full; the old content is still there
   */
  public static void write(Path file, byte[] content, int permissions, Durability durability) {
    Path name = file.getFileName();
    Path parent = file.toAbsolutePath().getParent();
    if (name == null || parent == null) {
      throw new Fault.InvalidArgument(file + " is not the path of a file");
    }
    try (Directory directory = Directory.open(parent)) {
      write(directory, name.toString(), content, permissions, durability);
    }
  }

  /** The same in an open directory. */
  public static void write(
      Directory directory, String name, byte[] content, int permissions, Durability durability) {
    String draft =
        "." + name + ".kemas-" + Long.toHexString(ThreadLocalRandom.current().nextLong());
    OpenFile file = directory.create(draft, permissions);
    try {
      try (file) {
        file.write(ByteBuffer.wrap(content));
        file.chmod(permissions);
        if (durability == Durability.MACHINE) {
          file.sync();
        }
      }
      directory.rename(draft, directory, name, Directory.Rename.REPLACE);
    } catch (Fault e) {
      directory.unlink(draft);
      throw e;
    }
    if (durability == Durability.MACHINE) {
      directory.descriptor().sync();
    }
  }
}
