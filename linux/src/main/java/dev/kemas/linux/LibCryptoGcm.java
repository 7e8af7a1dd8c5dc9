package dev.kemas.linux;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.NoSuchAlgorithmException;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.InvalidParameterSpecException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.CipherSpi;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * AES/GCM/NoPadding (NIST SP 800-38D) by libcrypto, as {@link Cipher} asks for it. All is kept
 * until the end of a message, so nothing is handed out that was not authenticated. What it does not
 * take (wrapped keys, shorter tags) it refuses in the way that has Cipher ask the next provider.
 */
final class LibCryptoGcm extends CipherSpi {
  private static final int TAG = 16;
  private static final int IV = 12;
  private static final byte[] NOTHING = {};

  /** More is not worth keeping a native buffer for. */
  private static final int SMALL = 24 * 1024;

  private final LibCrypto library;
  private final MemorySegment state;
  private final ByteArrayOutputStream aad = new ByteArrayOutputStream();
  private final ByteArrayOutputStream text = new ByteArrayOutputStream();
  private byte[] key = NOTHING;
  private byte[] iv = NOTHING;
  private boolean encrypts;
  private boolean ready;

  LibCryptoGcm(LibCrypto library) {
    this.library = library;
    this.state = library.cipherState();
  }

  @Override
  protected void engineSetMode(String mode) throws NoSuchAlgorithmException {
    if (!mode.equalsIgnoreCase("GCM")) {
      throw new NoSuchAlgorithmException("only GCM");
    }
  }

  @Override
  protected void engineSetPadding(String padding) {
    if (!padding.equalsIgnoreCase("NoPadding")) {
      throw new ProviderException("only NoPadding");
    }
  }

  @Override
  protected int engineGetBlockSize() {
    return 16;
  }

  @Override
  protected int engineGetOutputSize(int length) {
    int all = Math.addExact(text.size(), length);
    return encrypts ? Math.addExact(all, TAG) : Math.max(0, all - TAG);
  }

  @Override
  protected byte @Nullable [] engineGetIV() {
    return iv.length == 0 ? null : iv.clone();
  }

  @Override
  protected @Nullable AlgorithmParameters engineGetParameters() {
    if (iv.length == 0) {
      return null;
    }
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("GCM");
      parameters.init(new GCMParameterSpec(TAG * 8, iv));
      return parameters;
    } catch (GeneralSecurityException e) {
      throw new ProviderException(e);
    }
  }

  @Override
  protected int engineGetKeySize(Key from) throws InvalidKeyException {
    return raw(from).length * 8;
  }

  @Override
  protected void engineInit(int mode, Key from, @Nullable SecureRandom random)
      throws InvalidKeyException {
    if (mode != Cipher.ENCRYPT_MODE) {
      throw new InvalidKeyException("decryption wants the parameters of GCM");
    }
    byte[] drawn = new byte[IV];
    (random == null ? new SecureRandom() : random).nextBytes(drawn);
    try {
      begin(mode, from, drawn);
    } catch (InvalidAlgorithmParameterException e) {
      throw new InvalidKeyException(e);
    }
  }

  @Override
  protected void engineInit(
      int mode, Key from, AlgorithmParameterSpec parameters, @Nullable SecureRandom random)
      throws InvalidKeyException, InvalidAlgorithmParameterException {
    if (!(parameters instanceof GCMParameterSpec gcm)) {
      throw new InvalidAlgorithmParameterException("not the parameters of GCM");
    }
    if (gcm.getTLen() != TAG * 8 || gcm.getIV().length != IV) {
      throw new InvalidAlgorithmParameterException("only tags of 128 bits and IVs of 96");
    }
    begin(mode, from, gcm.getIV());
  }

  @Override
  protected void engineInit(
      int mode, Key from, AlgorithmParameters parameters, @Nullable SecureRandom random)
      throws InvalidKeyException, InvalidAlgorithmParameterException {
    try {
      engineInit(mode, from, parameters.getParameterSpec(GCMParameterSpec.class), random);
    } catch (InvalidParameterSpecException e) {
      throw new InvalidAlgorithmParameterException(e);
    }
  }

  private void begin(int mode, Key from, byte[] nextIv)
      throws InvalidKeyException, InvalidAlgorithmParameterException {
    if (mode != Cipher.ENCRYPT_MODE && mode != Cipher.DECRYPT_MODE) {
      throw new InvalidKeyException("only encrypts and decrypts");
    }
    byte[] nextKey = raw(from);
    boolean next = mode == Cipher.ENCRYPT_MODE;
    boolean sameKey = Arrays.equals(nextKey, key);
    // the key stream would repeat and give the texts away
    if (next && encrypts && sameKey && Arrays.equals(nextIv, iv)) {
      throw new InvalidAlgorithmParameterException("the IV was used with this key already");
    }
    ready = false;
    if (!sameKey || next != encrypts) {
      key = NOTHING; // until the state has it
      library.cipherKey(state, nextKey, next);
    }
    key = nextKey;
    iv = nextIv;
    encrypts = next;
    ready = true;
    aad.reset();
    text.reset();
  }

  private static byte[] raw(Key key) throws InvalidKeyException {
    byte[] raw = "RAW".equals(key.getFormat()) ? key.getEncoded() : null;
    if (raw == null || (raw.length != 16 && raw.length != 32)) {
      throw new InvalidKeyException("not a key of 128 or 256 bits");
    }
    return raw;
  }

  private void requireReady() {
    if (!ready) {
      throw new IllegalStateException("a new IV is needed first");
    }
  }

  @Override
  protected void engineUpdateAAD(byte[] bytes, int from, int length) {
    requireReady();
    aad.write(bytes, from, length);
  }

  @Override
  protected void engineUpdateAAD(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    engineUpdateAAD(copy, 0, copy.length);
  }

  @Override
  protected byte[] engineUpdate(byte[] bytes, int from, int length) {
    requireReady();
    text.write(bytes, from, length);
    return NOTHING;
  }

  @Override
  protected int engineUpdate(byte[] bytes, int from, int length, byte[] into, int at) {
    engineUpdate(bytes, from, length);
    return 0;
  }

  @Override
  protected byte[] engineDoFinal(byte @Nullable [] bytes, int from, int length)
      throws AEADBadTagException {
    byte[] result = new byte[engineGetOutputSize(length)];
    finish(
        bytes == null ? ByteBuffer.allocate(0) : ByteBuffer.wrap(bytes, from, length),
        ByteBuffer.wrap(result));
    return result;
  }

  @Override
  protected int engineDoFinal(byte @Nullable [] bytes, int from, int length, byte[] into, int at)
      throws ShortBufferException, AEADBadTagException {
    int size = engineGetOutputSize(length);
    if (into.length - at < size) {
      throw new ShortBufferException("the result has " + size + " bytes");
    }
    return finish(
        bytes == null ? ByteBuffer.allocate(0) : ByteBuffer.wrap(bytes, from, length),
        ByteBuffer.wrap(into, at, into.length - at));
  }

  @Override
  protected int engineDoFinal(ByteBuffer bytes, ByteBuffer into)
      throws ShortBufferException, AEADBadTagException {
    int size = engineGetOutputSize(bytes.remaining());
    if (into.remaining() < size) {
      throw new ShortBufferException("the result has " + size + " bytes");
    }
    return finish(bytes, into);
  }

  /** The whole message at once; the result is written after it is known to be right. */
  private int finish(ByteBuffer last, ByteBuffer into) throws AEADBadTagException {
    requireReady();
    int length = text.size() + last.remaining();
    try {
      if (!encrypts && length < TAG) {
        throw new AEADBadTagException("there is no tag");
      }
      if (aad.size() <= SMALL / 2 && length <= SMALL) {
        try (Scratch s = Scratch.take()) {
          return finish(s, s.room(length + TAG), s.room(length + TAG), last, into);
        }
      }
      try (Scratch s = Scratch.take();
          Arena arena = Arena.ofConfined()) {
        return finish(s, arena.allocate(length + TAG), arena.allocate(length + TAG), last, into);
      }
    } finally {
      // one message an IV; who decrypts may try the same again
      ready = !encrypts;
      aad.reset();
      text.reset();
    }
  }

  private int finish(
      Scratch s, MemorySegment in, MemorySegment out, ByteBuffer last, ByteBuffer into)
      throws AEADBadTagException {
    ByteBuffer source = in.asByteBuffer();
    if (text.size() > 0) {
      source.put(text.toByteArray());
    }
    source.put(last);
    int length = source.position();
    int n = encrypts ? length : length - TAG;
    boolean right = library.cipher(s, state, iv, aad.toByteArray(), in, out, n, encrypts);
    if (!right) {
      throw new AEADBadTagException("the tag does not match");
    }
    int size = encrypts ? n + TAG : n;
    into.put(out.asSlice(0, size).asByteBuffer());
    return size;
  }
}
