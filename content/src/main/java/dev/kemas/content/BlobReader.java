package dev.kemas.content;

import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;

/**
 * An open blob. It stays readable to the end, also when the blob is deleted meanwhile. Reads at a
 * position may come from several threads at once; each stream belongs to one thread.
 */
public interface BlobReader extends AutoCloseable {
  /** Length of the blob in bytes. */
  long size();

  /**
   * Reads at a position, without moving any other reader.
   *
   * @param into filled from its position up to its limit or to the end of the blob
   * @param position offset in the blob, from 0
   * @return how many bytes; -1 at or past the end
   */
  int read(ByteBuffer into, long position);

  /**
   * Sends a part of the blob, in the kernel where the target allows it.
   *
   * @param position offset of the first byte
   * @param count how many bytes; what lies past the end is not sent
   * @return how many bytes were sent
   * @throws dev.kemas.fault.Fault.Unavailable when the target refuses the bytes
   */
  long transferTo(long position, long count, WritableByteChannel target);

  /**
   * A part of the blob as memory, so that it is sent without being copied first; empty where the
   * store has no such memory. Waits until the disk has read it.
   *
   * @param count how many bytes, not past the end; 1 at least
   * @param life of the memory: reading it after that is an error
   */
  default Optional<ByteBuffer> map(long position, int count, Arena life) {
    return Optional.empty();
  }

  /** The whole blob as a stream; closing the stream leaves this reader open. */
  default InputStream stream() {
    return stream(0, size());
  }

  /** A part of the blob as a stream; what lies past the end is cut off. */
  default InputStream stream(long position, long count) {
    return new BlobInputStream(this, position, count);
  }

  @Override
  void close();
}
