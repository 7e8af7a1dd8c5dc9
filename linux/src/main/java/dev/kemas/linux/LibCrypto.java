package dev.kemas.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.security.ProviderException;
import java.util.List;
import java.util.Optional;

/**
 * The hashes and AES-GCM of OpenSSL's libcrypto, in this process: EVP_DigestInit(3) and
 * EVP_EncryptInit(3).
 */
final class LibCrypto {
  /** What calls of 1.1.1 and of 3 have in common is all that is used. */
  private static final List<String> NAMES = List.of("libcrypto.so.3", "libcrypto.so.1.1");

  /** openssl/crypto.h: what is hashed here does not depend on openssl.cnf. */
  private static final int NO_LOAD_CONFIG = 0x80;

  /** No clean-up at exit(3), which another thread's call would run into. */
  private static final int NO_ATEXIT = 0x80000;

  /** openssl/evp.h. */
  private static final int GET_TAG = 0x10;

  private static final int SET_TAG = 0x11;
  private static final int TAG = 16;

  private static final Optional<LibCrypto> LOADED = load();

  private final String name;
  private final Libc.Call make;
  private final Libc.Call free;
  private final Libc.Call copy;
  private final Libc.Call init;
  private final Libc.Call finish;
  private final Libc.Call sha256;
  private final Libc.Call sha512;
  private final Libc.Call update;
  private final Libc.Call makeCipher;
  private final Libc.Call freeCipher;
  private final Libc.Call aes128Gcm;
  private final Libc.Call aes256Gcm;
  private final Libc.Call initCipher;
  private final Libc.Call updateCipher;
  private final Libc.Call finishCipher;
  private final Libc.Call control;

  private LibCrypto(String name, SymbolLookup library) {
    this.name = name;
    make = Libc.bind(library, "EVP_MD_CTX_new", 0);
    free = Libc.bind(library, "EVP_MD_CTX_free", 1);
    copy = Libc.bind(library, "EVP_MD_CTX_copy_ex", 2);
    init = Libc.bind(library, "EVP_DigestInit_ex", 3);
    finish = Libc.bind(library, "EVP_DigestFinal_ex", 3);
    sha256 = Libc.bind(library, "EVP_sha256", 0);
    sha512 = Libc.bind(library, "EVP_sha512", 0);
    update = Libc.bind(library, "EVP_DigestUpdate", 3);
    makeCipher = Libc.bind(library, "EVP_CIPHER_CTX_new", 0);
    freeCipher = Libc.bind(library, "EVP_CIPHER_CTX_free", 1);
    aes128Gcm = Libc.bind(library, "EVP_aes_128_gcm", 0);
    aes256Gcm = Libc.bind(library, "EVP_aes_256_gcm", 0);
    initCipher = Libc.bind(library, "EVP_CipherInit_ex", 6);
    updateCipher = Libc.bind(library, "EVP_CipherUpdate", 5);
    finishCipher = Libc.bind(library, "EVP_CipherFinal_ex", 3);
    control = Libc.bind(library, "EVP_CIPHER_CTX_ctrl", 4);
    try (Scratch s = Scratch.take()) {
      Libc.bind(library, "OPENSSL_init_crypto", 2).asInt(s, NO_LOAD_CONFIG | NO_ATEXIT, 0);
    }
  }

  /** The library; empty where it is not installed. */
  static Optional<LibCrypto> get() {
    return LOADED;
  }

  private static Optional<LibCrypto> load() {
    for (String name : NAMES) {
      SymbolLookup library;
      try {
        library = SymbolLookup.libraryLookup(name, Arena.global());
      } catch (IllegalArgumentException e) {
        continue; // not installed: the next
      }
      return Optional.of(new LibCrypto(name, library));
    }
    return Optional.empty();
  }

  /** The file that was loaded. */
  String name() {
    return name;
  }

  long sha256() {
    try (Scratch s = Scratch.take()) {
      return sha256.asLong(s, 0);
    }
  }

  long sha512() {
    try (Scratch s = Scratch.take()) {
      return sha512.asLong(s, 0);
    }
  }

  /** A hash state that goes when nobody holds it any more. */
  MemorySegment state() {
    return owned("EVP_MD_CTX_new", make, free);
  }

  /** A cipher's state that goes when nobody holds it any more. */
  MemorySegment cipherState() {
    return owned("EVP_CIPHER_CTX_new", makeCipher, freeCipher);
  }

  private static MemorySegment owned(String name, Libc.Call make, Libc.Call free) {
    try (Scratch s = Scratch.take()) {
      long address = make.asLong(s, 0);
      if (address == 0) {
        throw new ProviderException(name + ": no memory");
      }
      return MemorySegment.ofAddress(address)
          .reinterpret(Arena.ofAuto(), state -> free(free, state));
    }
  }

  private static void free(Libc.Call free, MemorySegment state) {
    try (Scratch s = Scratch.take()) {
      free.asLong(s, state.address());
    }
  }

  /** Makes a state one of AES-GCM with a key of 16 or 32 bytes. */
  void cipherKey(MemorySegment state, byte[] key, boolean encrypts) {
    try (Scratch s = Scratch.take()) {
      long cipher = (key.length == 16 ? aes128Gcm : aes256Gcm).asLong(s, 0);
      MemorySegment copy = s.room(key.length);
      MemorySegment.copy(key, 0, copy, ValueLayout.JAVA_BYTE, 0, key.length);
      int mode = encrypts ? 1 : 0;
      check(
          initCipher.asInt(s, state.address(), cipher, 0, copy.address(), 0, mode),
          "EVP_CipherInit_ex");
      copy.fill((byte) 0);
    } finally {
      Reference.reachabilityFence(state);
    }
  }

  /**
   * One message of AES-GCM.
   *
   * @param in the text, and behind it the tag where it is decrypted
   * @param out gets the text, and behind it the tag where it is encrypted
   * @param length of the text
   * @return whether the tag is right
   */
  boolean cipher(
      Scratch s,
      MemorySegment state,
      byte[] iv,
      byte[] aad,
      MemorySegment in,
      MemorySegment out,
      int length,
      boolean encrypts) {
    try {
      MemorySegment head = s.room(iv.length + aad.length);
      MemorySegment.copy(iv, 0, head, ValueLayout.JAVA_BYTE, 0, iv.length);
      MemorySegment.copy(aad, 0, head, ValueLayout.JAVA_BYTE, iv.length, aad.length);
      long count = s.room(Integer.BYTES).address();
      long at = state.address();
      check(initCipher.asInt(s, at, 0, 0, 0, head.address(), -1), "EVP_CipherInit_ex");
      if (aad.length > 0) {
        check(
            updateCipher.asInt(s, at, 0, count, head.address() + iv.length, aad.length),
            "EVP_CipherUpdate");
      }
      if (length > 0) {
        check(
            updateCipher.asInt(s, at, out.address(), count, in.address(), length),
            "EVP_CipherUpdate");
      }
      if (!encrypts) {
        check(control.asInt(s, at, SET_TAG, TAG, in.address() + length), "EVP_CIPHER_CTX_ctrl");
        return finishCipher.asInt(s, at, out.address() + length, count) == 1;
      }
      check(finishCipher.asInt(s, at, out.address() + length, count), "EVP_CipherFinal_ex");
      check(control.asInt(s, at, GET_TAG, TAG, out.address() + length), "EVP_CIPHER_CTX_ctrl");
      return true;
    } finally {
      Reference.reachabilityFence(state);
      Reference.reachabilityFence(in);
      Reference.reachabilityFence(out);
    }
  }

  void init(MemorySegment state, long algorithm) {
    try (Scratch s = Scratch.take()) {
      check(init.asInt(s, state.address(), algorithm, 0), "EVP_DigestInit_ex");
    } finally {
      Reference.reachabilityFence(state);
    }
  }

  void copy(MemorySegment from, MemorySegment to) {
    try (Scratch s = Scratch.take()) {
      check(copy.asInt(s, to.address(), from.address()), "EVP_MD_CTX_copy_ex");
    } finally {
      Reference.reachabilityFence(from);
      Reference.reachabilityFence(to);
    }
  }

  void update(MemorySegment state, ByteBuffer bytes) {
    try (Scratch s = Scratch.take()) {
      if (bytes.isDirect()) {
        update(s, state, MemorySegment.ofBuffer(bytes).address(), bytes.remaining());
        bytes.position(bytes.limit());
        return;
      }
      // small enough to stay in the processor's cache between the copy and the hash
      MemorySegment room = s.rest();
      while (bytes.hasRemaining()) {
        int length = (int) Math.min(bytes.remaining(), room.byteSize());
        room.asSlice(0, length).asByteBuffer().put(bytes.slice(bytes.position(), length));
        bytes.position(bytes.position() + length);
        update(s, state, room.address(), length);
      }
    } finally {
      Reference.reachabilityFence(bytes);
      Reference.reachabilityFence(state);
    }
  }

  private void update(Scratch s, MemorySegment state, long address, long length) {
    check(update.asInt(s, state.address(), address, length), "EVP_DigestUpdate");
  }

  byte[] finish(MemorySegment state, int length) {
    try (Scratch s = Scratch.take()) {
      MemorySegment hash = s.room(length);
      check(finish.asInt(s, state.address(), hash.address(), 0), "EVP_DigestFinal_ex");
      return hash.toArray(ValueLayout.JAVA_BYTE);
    } finally {
      Reference.reachabilityFence(state);
    }
  }

  private static void check(int result, String call) {
    if (result != 1) {
      throw new ProviderException(call + " of libcrypto failed");
    }
  }
}
