package dev.kemas.registry.client;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A blob's bytes, which go on by themselves after the line broke, from where they were. Ends in an
 * IOException after as many failures as are allowed with next to nothing between them. For one
 * thread.
 */
final class ResumingStream extends InputStream {
  private static final Logger LOG = LoggerFactory.getLogger(ResumingStream.class);

  /** Less between two failures is no progress: a registry could go on for ever byte by byte. */
  private static final long PROGRESS = 64 * 1024;

  /** What asks for the blob from an offset on. */
  @FunctionalInterface
  interface Source {
    /** The bytes, which begin at {@link Part#offset}. */
    Part open(long offset);
  }

  /** Bytes of a blob. */
  record Part(InputStream stream, long offset) {}

  private final Source source;
  private final Retries retries;
  private final String host;
  private InputStream in;
  private long at;
  private long failedAt;
  private int failures;

  ResumingStream(Source source, Part first, Retries retries, String host) {
    this.source = source;
    this.retries = retries;
    this.host = host;
    this.in = first.stream();
    this.at = first.offset();
    this.failedAt = at;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    while (true) {
      try {
        int n = in.read(bytes, from, length);
        at += Math.max(0, n);
        return n;
      } catch (IOException e) {
        reopen(e);
      }
    }
  }

  private void reopen(IOException cause) throws IOException {
    IOException last = cause;
    while (true) {
      failures = at - failedAt >= PROGRESS ? 1 : failures + 1;
      failedAt = at;
      if (failures >= retries.most()) {
        throw last;
      }
      LOG.debug("a transfer from {} goes on at byte {}: {}", host, at, last.getMessage());
      Retries.pause(retries.usual(failures), host);
      try {
        in.close();
        Part part = source.open(at);
        in = part.stream();
        in.skipNBytes(at - part.offset());
        return;
      } catch (Fault.Unavailable e) {
        last = new IOException(e.getMessage(), e);
      } catch (IOException e) {
        last = e;
      }
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
