package dev.kemas.content;

import dev.kemas.fault.Fault;
import dev.kemas.linux.MappedFile;
import dev.kemas.oci.Digest;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;

/** A blob in a file. */
final class FolderReader implements BlobReader {
  /** In bytes, of the processors that there are: a multiple of it begins a page on each. */
  private static final long LARGEST_PAGE = 64 * 1024;

  private final Digest digest;
  private final FileChannel file;
  private final long size;

  FolderReader(Digest digest, FileChannel file) throws IOException {
    this.digest = digest;
    this.file = file;
    this.size = file.size();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public int read(ByteBuffer into, long position) {
    try {
      int total = 0;
      while (into.hasRemaining()) {
        int n = file.read(into, position + total);
        if (n < 0) {
          break;
        }
        total += n;
      }
      return total == 0 && position >= size ? -1 : total;
    } catch (IOException e) {
      throw IoFaults.of("cannot read blob " + digest, e);
    }
  }

  @Override
  public Optional<ByteBuffer> map(long position, int count, Arena life) {
    try {
      long before = position % LARGEST_PAGE;
      // the file of a blob never becomes shorter, so no page can be missing (mmap(2), SIGBUS)
      MemorySegment pages =
          file.map(FileChannel.MapMode.READ_ONLY, position - before, before + count, life);
      MappedFile.bring(pages);
      return Optional.of(pages.asSlice(before).asByteBuffer());
    } catch (IOException e) {
      throw IoFaults.of("cannot map blob " + digest, e);
    }
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) {
    long sent = 0;
    long wanted = Math.min(count, size - position);
    try {
      while (sent < wanted) {
        long n = file.transferTo(position + sent, wanted - sent, target);
        if (n <= 0) {
          break;
        }
        sent += n;
      }
      return sent;
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot send blob " + digest + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw IoFaults.of("cannot close blob " + digest, e);
    }
  }

  @Override
  public String toString() {
    return "blob " + digest;
  }
}
