package dev.kemas.synced.folder;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Machine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/** The form of an index on the disk (docs/formats.md, "Synced folders"). */
final class IndexFile {
  /** Bytes before the first record. */
  static final int HEADER = 256;

  /** Stands where a record's kind would. */
  static final int END = 0;

  private static final byte[] MAGIC = "KMSDIR1\n".getBytes(StandardCharsets.US_ASCII);
  private static final String BOOT = Machine.look().bootId();

  private IndexFile() {}

  /**
   * What an index says of all of it.
   *
   * @param chosen the selection's name, see {@link FolderKey#chosen}
   * @param entries how many
   * @param bytes of its files
   */
  record Header(String chosen, long entries, long bytes) {}

  /**
   * The header of an index that can be trusted; empty where there is none, or it was written before
   * the machine was started last: nothing of it was forced to the disk.
   */
  static Optional<Header> header(Path file) {
    ByteBuffer bytes = ByteBuffer.allocate(HEADER);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // to the end
      }
    } catch (java.nio.file.NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed("read", file, e);
    }
    bytes.flip();
    if (bytes.remaining() < HEADER) {
      return Optional.empty();
    }
    byte[] magic = new byte[MAGIC.length];
    bytes.get(magic);
    if (!Arrays.equals(magic, MAGIC) || !text(bytes).equals(BOOT)) {
      return Optional.empty();
    }
    return Optional.of(new Header(text(bytes), bytes.getLong(), bytes.getLong()));
  }

  /** The header's bytes. */
  static ByteBuffer bytes(Header header) {
    ByteBuffer bytes = ByteBuffer.allocate(HEADER).put(MAGIC);
    for (String text : new String[] {BOOT, header.chosen()}) {
      byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
      bytes.put((byte) ascii.length).put(ascii);
    }
    return bytes.putLong(header.entries()).putLong(header.bytes()).rewind();
  }

  private static String text(ByteBuffer bytes) {
    byte[] ascii = new byte[Math.min(bytes.get() & 0x7F, bytes.remaining())];
    bytes.get(ascii);
    return new String(ascii, StandardCharsets.US_ASCII);
  }

  static Fault failed(String what, Path file, IOException e) {
    String message = "cannot " + what + " " + file + ": " + e.getMessage();
    // the JDK has no class for a full disk
    return String.valueOf(e.getMessage()).contains("No space left")
        ? new Fault.ResourceExhausted(message, e)
        : new Fault.Internal(message, e);
  }

  static FileChannel open(Path file, StandardOpenOption... how) {
    try {
      return FileChannel.open(file, how);
    } catch (IOException e) {
      throw failed("open", file, e);
    }
  }

  static void replace(Path draft, Path file) {
    try {
      Files.move(draft, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failed("replace", file, e);
    }
  }
}
