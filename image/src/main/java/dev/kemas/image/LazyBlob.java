package dev.kemas.image;

import dev.kemas.content.BlobReader;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A blob that is opened when its first byte is asked for, once. */
final class LazyBlob implements BlobReader {
  private final long size;
  private final Supplier<BlobReader> opening;
  private @Nullable BlobReader opened;

  /**
   * @param size known beforehand
   */
  LazyBlob(long size, Supplier<BlobReader> opening) {
    this.size = size;
    this.opening = opening;
  }

  private synchronized BlobReader blob() {
    BlobReader blob = opened;
    if (blob == null) {
      blob = opening.get();
      opened = blob;
    }
    return blob;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public int read(ByteBuffer into, long position) {
    return blob().read(into, position);
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) {
    return blob().transferTo(position, count, target);
  }

  @Override
  public Optional<ByteBuffer> map(long position, int count, Arena life) {
    return blob().map(position, count, life);
  }

  @Override
  public synchronized void close() {
    if (opened != null) {
      opened.close();
    }
  }
}
