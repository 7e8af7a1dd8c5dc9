package dev.kemas.archive;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Decompresses within limits, and says what is wrong in this project's own faults. */
final class BoundedStream extends InputStream {
  /** Below this no ratio is looked at: the first blocks of a good archive may be all zeroes. */
  private static final long RATIO_FROM = 16L << 20;

  private final CountedSource source;
  private final Compression compression;
  private final Limits limits;
  private @Nullable InputStream plain;
  private long count;

  BoundedStream(CountedSource source, Compression compression, Limits limits) {
    this.source = source;
    this.compression = compression;
    this.limits = limits;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    int n = decompress(bytes, from, length);
    if (n > 0) {
      count += n;
      check();
    }
    return n;
  }

  private int decompress(byte[] bytes, int from, int length) throws IOException {
    try {
      InputStream open = plain;
      if (open == null) {
        // here and not in the constructor: a damaged header is reported like damage further on
        open = compression.decompress(source);
        plain = open;
      }
      return open.read(bytes, from, length);
    } catch (IOException e) {
      IOException failure = source.failure();
      throw failure != null ? failure : damaged(e);
    } catch (RuntimeException e) {
      // bzip2 answers some damage with an index out of bounds
      throw damaged(e);
    }
  }

  private IOException damaged(Exception cause) {
    Fault fault =
        new Fault.DataLoss(
            "the " + compression + " stream is damaged: " + cause.getMessage(), cause);
    return new IOException(fault.getMessage(), fault);
  }

  private void check() throws IOException {
    if (count > limits.bytes()) {
      throw exhausted("more than the " + limits.bytes() + " bytes allowed");
    }
    if (count > RATIO_FROM && count / limits.ratio() > source.count()) {
      throw exhausted("more than " + limits.ratio() + " times the " + source.count() + " packed");
    }
  }

  private static IOException exhausted(String what) {
    Fault fault = new Fault.ResourceExhausted("the archive unfolds to " + what);
    return new IOException(fault.getMessage(), fault);
  }

  @Override
  public void close() throws IOException {
    InputStream open = plain;
    if (open == null) {
      source.close();
    } else {
      open.close();
    }
  }
}
