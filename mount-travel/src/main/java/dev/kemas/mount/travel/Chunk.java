package dev.kemas.mount.travel;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;

/**
 * A part of a mount's files that travels as one blob.
 *
 * @param blob digest of the packed bytes
 * @param size of the packed bytes
 * @param plain digest of the bytes themselves
 * @param length of the bytes themselves
 */
record Chunk(Digest blob, long size, Digest plain, int length) {
  static final String MEDIA_TYPE = "application/vnd.kemas.mount.chunk.v1+zstd";

  /** Bytes that are packed hardly get shorter, so a packed chunk may be a little longer. */
  static final int MOST_PACKED = Cutter.MOST + (64 << 10);

  private static final int LEVEL = 3;

  Descriptor descriptor() {
    return Descriptor.of(MEDIA_TYPE, blob, size);
  }

  static byte[] pack(byte[] plain) {
    return Zstd.compress(plain, LEVEL);
  }

  /**
   * The plain bytes of a blob whose digest was checked.
   *
   * @throws Fault.DataLoss when they are not what the index says
   */
  byte[] unpack(byte[] packed) {
    byte[] bytes = new byte[length];
    long got;
    try {
      // never more than the target holds, whatever the frame says of itself
      got = Zstd.decompressByteArray(bytes, 0, length, packed, 0, packed.length);
    } catch (ZstdException e) {
      throw new Fault.DataLoss("chunk %s cannot be unpacked: %s".formatted(blob, e), e);
    }
    if (Zstd.isError(got) || got != length || !Digest.of(bytes).equals(plain)) {
      throw new Fault.DataLoss("chunk %s is not what the index says of it".formatted(blob));
    }
    return bytes;
  }
}
