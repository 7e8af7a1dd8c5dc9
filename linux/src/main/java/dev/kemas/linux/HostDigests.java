package dev.kemas.linux;

import java.nio.charset.StandardCharsets;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * SHA-256 and SHA-512 by the host's libcrypto, for {@link java.security.MessageDigest} (a provider
 * as the Java Cryptography Architecture has it). Java's own are fast only once its optimizing
 * compiler has put the processor's instructions in their place, which a process that runs without
 * that compiler never sees: there libcrypto is more than ten times as fast, and from the first
 * byte.
 */
public final class HostDigests extends Provider {
  private static final long serialVersionUID = 1;
  private static final String NAME = "KemasHostDigests";

  /** The example of FIPS 180-4. */
  private static final byte[] ABC = "abc".getBytes(StandardCharsets.US_ASCII);

  private static final String SHA256_OF_ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  private HostDigests(LibCrypto library) {
    super(NAME, "1", "SHA-2 by " + library.name());
    putService(new Hash("SHA-256", List.of("SHA256"), library, library.sha256(), 32));
    putService(new Hash("SHA-512", List.of("SHA512"), library, library.sha512(), 64));
  }

  private final class Hash extends Service {
    private final LibCrypto library;
    private final long function;
    private final int length;

    Hash(String name, List<String> aliases, LibCrypto library, long function, int length) {
      super(
          HostDigests.this, "MessageDigest", name, LibCryptoDigest.class.getName(), aliases, null);
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
   * Has every message digest that this process asks for from now on be the library's, where it is
   * installed and works. A second call changes nothing.
   *
   * @return the library's file; empty where Java's own hashes stay in use
   */
  public static synchronized Optional<String> install() {
    Optional<LibCrypto> library = LibCrypto.get().filter(HostDigests::works);
    if (Security.getProvider(NAME) == null) {
      library.ifPresent(found -> Security.insertProviderAt(new HostDigests(found), 1));
    }
    return library.map(LibCrypto::name);
  }

  private static boolean works(LibCrypto library) {
    try {
      LibCryptoDigest digest = new LibCryptoDigest(library, library.sha256(), 32);
      digest.engineUpdate(ABC, 0, ABC.length);
      return HexFormat.of().formatHex(digest.engineDigest()).equals(SHA256_OF_ABC);
    } catch (ProviderException e) {
      return false;
    }
  }
}
