package dev.kemas.linux;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * SHA-256, SHA-512 and AES-GCM by the host's libcrypto, for {@link java.security.MessageDigest} and
 * {@link javax.crypto.Cipher}, so for TLS too (a provider as the Java Cryptography Architecture has
 * it). Java's own are fast only once its optimizing compiler has put the processor's instructions
 * in their place, which a process that runs without that compiler never sees: there libcrypto is
 * more than ten times as fast, and from the first byte.
 */
public final class HostCrypto extends Provider {
  private static final long serialVersionUID = 1;
  private static final String NAME = "KemasHostCrypto";

  /** The example of FIPS 180-4. */
  private static final byte[] ABC = "abc".getBytes(StandardCharsets.US_ASCII);

  private static final String SHA256_OF_ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  private static final String GCM = "AES/GCM/NoPadding";

  /** Test case 2 of the specification of GCM: key, IV and text are zeroes. */
  private static final String ENCRYPTED_ZEROES =
      "0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf";

  private HostCrypto(LibCrypto library) {
    super(NAME, "1", "SHA-2 and AES-GCM by " + library.name());
    putService(new Hash("SHA-256", List.of("SHA256"), library, library.sha256(), 32));
    putService(new Hash("SHA-512", List.of("SHA512"), library, library.sha512(), 64));
    putService(new Gcm(library));
  }

  private final class Gcm extends Service {
    private final LibCrypto library;

    Gcm(LibCrypto library) {
      super(HostCrypto.this, "Cipher", GCM, LibCryptoGcm.class.getName(), List.of(), null);
      this.library = library;
    }

    @Override
    public Object newInstance(Object parameter) {
      return new LibCryptoGcm(library);
    }
  }

  private final class Hash extends Service {
    private final LibCrypto library;
    private final long function;
    private final int length;

    Hash(String name, List<String> aliases, LibCrypto library, long function, int length) {
      super(HostCrypto.this, "MessageDigest", name, LibCryptoDigest.class.getName(), aliases, null);
      this.library = library;
      this.function = function;
      this.length = length;
    }

    @Override
    public Object newInstance(Object parameter) {
      return new LibCryptoDigest(library, function, length);
    }
  }

  /**
   * Has every such hash and cipher that this process asks for from now on be the library's, where
   * it is installed and works. A second call changes nothing.
   *
   * @return the library's file; empty where Java's own stay in use
   */
  public static synchronized Optional<String> install() {
    Optional<LibCrypto> library = LibCrypto.get().filter(HostCrypto::works);
    if (Security.getProvider(NAME) == null) {
      library.ifPresent(found -> Security.insertProviderAt(new HostCrypto(found), 1));
    }
    return library.map(LibCrypto::name);
  }

  private static boolean works(LibCrypto library) {
    try {
      LibCryptoDigest digest = new LibCryptoDigest(library, library.sha256(), 32);
      digest.engineUpdate(ABC, 0, ABC.length);
      LibCryptoGcm cipher = new LibCryptoGcm(library);
      cipher.engineInit(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(new byte[16], "AES"),
          new GCMParameterSpec(128, new byte[12]),
          null);
      byte[] encrypted = cipher.engineDoFinal(new byte[16], 0, 16);
      return HexFormat.of().formatHex(digest.engineDigest()).equals(SHA256_OF_ABC)
          && HexFormat.of().formatHex(encrypted).equals(ENCRYPTED_ZEROES);
    } catch (ProviderException | GeneralSecurityException e) {
      return false;
    }
  }
}
