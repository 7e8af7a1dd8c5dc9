package dev.kemas.archive;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Writes a tar archive: plain ustar headers, a PAX header before those that need one (long names,
 * times between seconds, large numbers, extended attributes). The same entries give the same bytes.
 * One thread at a time.
 */
public final class TarWriter implements AutoCloseable {
  private static final int BLOCK = TarHeader.BLOCK;

  private final OutputStream target;
  private final PieceSink sink;
  private final Parts parts;
  private byte[] piece = new byte[PieceSink.SIZE];
  private int used;
  private boolean finished;

  /** Writes to this stream, in large pieces. */
  public TarWriter(OutputStream out) {
    this(out, PieceSink.to(out));
  }

  TarWriter(OutputStream target, PieceSink sink) {
    this(target, sink, Parts.UNTOLD);
  }

  /**
   * @param parts is told what the archive is made of
   */
  TarWriter(OutputStream target, PieceSink sink, Parts parts) {
    this.target = target;
    this.sink = sink;
    this.parts = parts;
  }

  /** What an archive is made of, in its order. */
  interface Parts {
    /** Nobody wants to know. */
    Parts UNTOLD =
        new Parts() {
          @Override
          public void bytes(byte[] from, int at, int length) {
            // they are in the archive
          }

          @Override
          public void file(String name, long length) {
            // its bytes are in the archive
          }
        };

    /** So many bytes that no file has. */
    void bytes(byte[] from, int at, int length) throws IOException;

    /** So many bytes from the beginning of the file that this entry is of. */
    void file(String name, long length) throws IOException;
  }

  /**
   * Writes an entry that has no content, or a file of size 0.
   *
   * @throws Fault.InvalidArgument for a file that is said to have content
   */
  public void put(TarEntry entry) throws IOException {
    if (entry.size() != 0) {
      throw new Fault.InvalidArgument("\"" + entry.name() + "\" needs content to be written");
    }
    header(entry);
  }

  /**
   * Writes a file.
   *
   * @param content exactly {@link TarEntry#size} bytes; what is missing is filled with zeroes and
   *     what is too much is left, as GNU tar does with files that change while they are read
   * @return whether the content had the length that it was said to have
   */
  public boolean put(TarEntry entry, InputStream content) throws IOException {
    boolean complete = putUnchecked(entry, content::read);
    return complete && content.read() < 0;
  }

  /** Fills a part of an array; -1 at the end. */
  @FunctionalInterface
  interface Source {
    int read(byte[] into, int from, int length) throws IOException;
  }

  /** Writes a file without a look at what may follow; false when bytes were missing. */
  boolean putUnchecked(TarEntry entry, Source content) throws IOException {
    header(entry);
    long left = entry.size();
    while (left > 0) {
      room();
      int n = content.read(piece, used, (int) Math.min(left, piece.length - used));
      if (n < 0) {
        parts.file(entry.name(), entry.size() - left);
        zeroes(left);
        zeroes(-entry.size() & (BLOCK - 1));
        return false;
      }
      used += n;
      left -= n;
    }
    parts.file(entry.name(), entry.size());
    zeroes(-entry.size() & (BLOCK - 1));
    return true;
  }

  private void header(TarEntry entry) throws IOException {
    HeaderEncoder encoder = new HeaderEncoder(entry);
    byte[] extended = encoder.extended();
    if (extended.length > 0) {
      write(HeaderEncoder.forExtended(entry, extended.length));
      write(extended);
      zeroes(-extended.length & (BLOCK - 1));
    }
    write(encoder.header());
  }

  private void write(byte[] bytes) throws IOException {
    int from = 0;
    while (from < bytes.length) {
      room();
      int n = Math.min(bytes.length - from, piece.length - used);
      System.arraycopy(bytes, from, piece, used, n);
      parts.bytes(piece, used, n);
      used += n;
      from += n;
    }
  }

  private void zeroes(long count) throws IOException {
    long left = count;
    while (left > 0) {
      room();
      int n = (int) Math.min(left, piece.length - used);
      Arrays.fill(piece, used, used + n, (byte) 0);
      parts.bytes(piece, used, n);
      used += n;
      left -= n;
    }
  }

  private void room() throws IOException {
    if (used == piece.length) {
      piece = sink.exchange(piece, used);
      used = 0;
    }
  }

  /** Ends the archive; the target stays open. */
  public void finish() throws IOException {
    if (!finished) {
      finished = true;
      zeroes(2L * BLOCK);
      piece = sink.exchange(piece, used);
      used = 0;
    }
  }

  /** Ends the archive and closes the target. */
  @Override
  public void close() throws IOException {
    try (target) {
      finish();
    }
  }
}
