package dev.kemas.archive;

import dev.kemas.linux.HostDeflate;
import dev.kemas.linux.HostInflate;
import java.io.IOException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Unpacks raw deflate (RFC 1951), one stream after the other. One thread at a time. */
interface RawInflate extends AutoCloseable {
  /** How many bytes {@link #input} takes at once. */
  int MOST = 64 * 1024;

  /** By the host's library where there is one, else by Java's. */
  static RawInflate fastest() {
    return HostDeflate.get().<RawInflate>map(ByHost::new).orElseGet(ByJava::new);
  }

  /** Gives the next packed bytes, after {@link #inflate} found no more in the last ones. */
  void input(byte[] bytes, int from, int length);

  /**
   * Hands out plain bytes.
   *
   * @return how many; 0 when the stream is over or more input is needed
   * @throws IOException when the packed bytes are damaged
   */
  int inflate(byte[] bytes, int from, int length) throws IOException;

  /** Whether all of the stream was handed out. */
  boolean finished();

  /**
   * Bytes of the input that lie behind the end; up to eight of them in the input before the last.
   */
  int remaining();

  /** Plain bytes handed out of this stream. */
  long produced();

  /** Begins with another stream; input that was given is forgotten. */
  void reset();

  @Override
  void close();

  /** By zlib, as the JDK brings it. */
  final class ByJava implements RawInflate {
    private final Inflater inflater = new Inflater(true);

    @Override
    public void input(byte[] bytes, int from, int length) {
      inflater.setInput(bytes, from, length);
    }

    @Override
    public int inflate(byte[] bytes, int from, int length) throws IOException {
      try {
        return inflater.inflate(bytes, from, length);
      } catch (DataFormatException e) {
        throw new IOException(e.getMessage(), e);
      }
    }

    @Override
    public boolean finished() {
      return inflater.finished();
    }

    @Override
    public int remaining() {
      return inflater.getRemaining();
    }

    @Override
    public long produced() {
      return inflater.getBytesWritten();
    }

    @Override
    public void reset() {
      inflater.reset();
    }

    @Override
    public void close() {
      inflater.end();
    }
  }

  /** By ISA-L. */
  final class ByHost implements RawInflate {
    private final HostInflate inflater;

    ByHost(HostDeflate library) {
      inflater = library.unpack();
    }

    @Override
    public void input(byte[] bytes, int from, int length) {
      inflater.input(bytes, from, length);
    }

    @Override
    public int inflate(byte[] bytes, int from, int length) throws IOException {
      return inflater.inflate(bytes, from, length);
    }

    @Override
    public boolean finished() {
      return inflater.finished();
    }

    @Override
    public int remaining() {
      return inflater.remaining();
    }

    @Override
    public long produced() {
      return inflater.produced();
    }

    @Override
    public void reset() {
      inflater.reset();
    }

    @Override
    public void close() {
      inflater.close();
    }
  }
}
