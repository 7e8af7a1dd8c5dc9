package dev.kemas.linux;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.MessageDigestSpi;

/** A hash by {@link LibCrypto}. One thread at a time, as any message digest. */
final class LibCryptoDigest extends MessageDigestSpi implements Cloneable {
  private final LibCrypto library;
  private final long algorithm;
  private final int length;
  private MemorySegment state;

  LibCryptoDigest(LibCrypto library, long algorithm, int length) {
    this.library = library;
    this.algorithm = algorithm;
    this.length = length;
    this.state = library.state();
    library.init(state, algorithm);
  }

  @Override
  protected int engineGetDigestLength() {
    return length;
  }

  @Override
  protected void engineUpdate(byte input) {
    engineUpdate(new byte[] {input}, 0, 1);
  }

  @Override
  protected void engineUpdate(byte[] input, int offset, int length) {
    library.update(state, ByteBuffer.wrap(input, offset, length));
  }

  @Override
  protected void engineUpdate(ByteBuffer input) {
    library.update(state, input);
  }

  @Override
  protected byte[] engineDigest() {
    byte[] hash = library.finish(state, length);
    engineReset();
    return hash;
  }

  @Override
  protected void engineReset() {
    library.init(state, algorithm);
  }

  @Override
  public Object clone() throws CloneNotSupportedException {
    LibCryptoDigest copy = (LibCryptoDigest) super.clone();
    copy.state = library.state();
    library.copy(state, copy.state);
    return copy;
  }
}
