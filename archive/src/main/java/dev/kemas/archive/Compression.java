package dev.kemas.archive;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Locale;
import java.util.OptionalInt;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.XZInputStream;

/** How a stream of bytes is compressed, known by its first bytes. */
public enum Compression {
  NONE,
  GZIP,
  ZSTD,
  XZ,
  BZIP2;

  /** How many first bytes {@link #detect} wants to see. */
  public static final int HEAD = 6;

  private static final int ZSTD_LEVEL = 3;

  /**
   * Tells by the magic number.
   *
   * @param head the first bytes
   * @param length how many there are; fewer than {@link #HEAD} only when there are no more
   */
  public static Compression detect(byte[] head, int length) {
    if (starts(head, length, 0x1F, 0x8B, 0x08)) {
      return GZIP;
    }
    // the last byte of the zstd magic is the first in memory (RFC 8878, 3.1.1)
    if (starts(head, length, 0x28, 0xB5, 0x2F, 0xFD)) {
      return ZSTD;
    }
    // a skippable frame may come first: pzstd and estargz-like tools begin with one
    if (length >= 4
        && (head[0] & 0xF0) == 0x50
        && starts(head, length, head[0], 0x2A, 0x4D, 0x18)) {
      return ZSTD;
    }
    if (starts(head, length, 0xFD, '7', 'z', 'X', 'Z', 0)) {
      return XZ;
    }
    return starts(head, length, 'B', 'Z', 'h') ? BZIP2 : NONE;
  }

  private static boolean starts(byte[] head, int length, int... magic) {
    if (length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if (head[i] != (byte) magic[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Looks at the first bytes and opens what it finds; a stream that is in no known form is handed
   * out as it is. Members or frames one after the other are read as one stream, as {@code gzip -d}
   * does. Closing the result closes the source.
   *
   * <p>The result throws an IOException caused by {@link Fault.DataLoss} where the compressed form
   * is damaged or ends too early, and one caused by {@link Fault.ResourceExhausted} where a limit
   * is passed; what reading the source threw comes through as it is.
   *
   * @param limits of {@link Limits#bytes} and {@link Limits#ratio}
   * @throws IOException what reading the first bytes threw
   */
  public static Decompressed open(InputStream in, Limits limits) throws IOException {
    byte[] head = new byte[HEAD];
    int length = in.readNBytes(head, 0, HEAD);
    Compression found = detect(head, length);
    CountedSource source = new CountedSource(in, head, length);
    return new Decompressed(new BoundedStream(source, found, limits), found);
  }

  /** The plain bytes of a compressed stream. */
  InputStream decompress(InputStream in) throws IOException {
    return switch (this) {
      case NONE -> in;
      case GZIP -> new GzipInput(in);
      case ZSTD -> new ZstdInputStream(in);
      case XZ -> Xz.open(in);
      case BZIP2 -> new BZip2CompressorInputStream(in, true);
    };
  }

  /**
   * Apart, so that the library is loaded when it is needed and so never gets into the daemon's
   * start-up cache: its jar is sealed, and a virtual machine may refuse to start on linked classes
   * of a sealed package.
   */
  private static final class Xz {
    /** More than {@code xz -9} needs (65 MiB), so only a header made to exhaust is refused. */
    private static final int MEMORY_KIB = 256 * 1024;

    static InputStream open(InputStream in) throws IOException {
      return new XZInputStream(in, MEMORY_KIB);
    }
  }

  /**
   * Compresses what is written. Closing the result ends the compressed form and closes the target.
   * The same bytes give the same result, however many processors there are.
   *
   * @throws Fault.Unsupported for {@link #XZ} and {@link #BZIP2}, which are only read
   */
  public OutputStream compress(OutputStream out) throws IOException {
    return compress(out, OptionalInt.empty());
  }

  /**
   * The same at a level as the tools count them: gzip from 0 to 9, zstd from 0 (its usual one) to
   * 22. Without one the fastest compressor of the host is taken.
   */
  public OutputStream compress(OutputStream out, OptionalInt level) throws IOException {
    return switch (this) {
      case NONE -> out;
      case GZIP ->
          new GzipOutput(
              out, level.isPresent() ? RawDeflate.at(level.getAsInt()) : RawDeflate.fastest());
      // with at least one worker the result does not depend on how many there are
      case ZSTD ->
          new ZstdOutputStream(out, level.orElse(ZSTD_LEVEL))
              .setWorkers(Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 8));
      case XZ, BZIP2 -> throw new Fault.Unsupported(this + " is only read; use gzip or zstd");
    };
  }

  /** As the tools are called: {@code gzip}, {@code zstd}, ... */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * A stream and how it came.
   *
   * @param stream plain bytes
   * @param compression what they were packed in
   */
  public record Decompressed(InputStream stream, Compression compression) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      stream.close();
    }
  }
}
