package dev.kemas.signature;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Public keys in PEM, as cosign and openssl write them (RFC 7468, 13), and what they verify. */
final class PemKeys {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
  private static final int MOST = 1 << 20;
  private static final int LEAST_RSA_BITS = 2048;

  private PemKeys() {}

  /**
   * The keys of a file, at least one.
   *
   * @throws IOException with the reason when it has none, or one of another kind
   */
  static List<PublicKey> read(Path file) throws IOException {
    if (Files.size(file) > MOST) {
      throw new IOException("it has more than " + MOST + " bytes");
    }
    Matcher block = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
    List<PublicKey> keys = new ArrayList<>();
    while (block.find()) {
      if (!block.group(1).equals("PUBLIC KEY")) {
        throw new IOException(
            "it holds a "
                + block.group(1)
                + ", not a PUBLIC KEY"
                + (block.group(1).contains("PRIVATE") ? ": name the public half, cosign.pub" : ""));
      }
      keys.add(key(block.group(2)));
    }
    if (keys.isEmpty()) {
      throw new IOException("it holds no PUBLIC KEY in PEM");
    }
    return keys;
  }

  private static PublicKey key(String base64) throws IOException {
    X509EncodedKeySpec encoded;
    try {
      encoded = new X509EncodedKeySpec(Base64.getMimeDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      throw new IOException("its PUBLIC KEY is damaged: " + e.getMessage(), e);
    }
    IOException refused = new IOException("its PUBLIC KEY is none of ECDSA, RSA or Ed25519");
    // the format does not tell the kind in a way that is worth reading
    for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
      try {
        PublicKey key = KeyFactory.getInstance(algorithm).generatePublic(encoded);
        if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < LEAST_RSA_BITS) {
          throw new IOException("its RSA key has fewer than " + LEAST_RSA_BITS + " bits");
        }
        return key;
      } catch (GeneralSecurityException e) {
        refused.addSuppressed(e);
      }
    }
    throw refused;
  }

  /** Whether a key made a signature; one that cannot even be read was not made by it. */
  static boolean verifies(PublicKey key, byte[] message, byte[] signature) {
    return algorithms(key).stream().anyMatch(a -> verifies(a, key, message, signature));
  }

  /** What cosign signs with: SHA-256, and with the longer curves their own where it is newer. */
  private static List<String> algorithms(PublicKey key) {
    return switch (key) {
      case ECPublicKey ec ->
          switch (ec.getParams().getOrder().bitLength()) {
            case 384 -> List.of("SHA256withECDSA", "SHA384withECDSA");
            case 521 -> List.of("SHA256withECDSA", "SHA512withECDSA");
            default -> List.of("SHA256withECDSA");
          };
      case RSAPublicKey rsa -> List.of("SHA256withRSA");
      case EdECPublicKey ed -> List.of("Ed25519");
      default -> List.of();
    };
  }

  private static boolean verifies(
      String algorithm, PublicKey key, byte[] message, byte[] signature) {
    try {
      java.security.Signature verifier = java.security.Signature.getInstance(algorithm);
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** What is wrong with a file, in a person's words. */
  static String cause(IOException e) {
    return e instanceof NoSuchFileException
        ? "there is no such file"
        : String.valueOf(e.getMessage());
  }
}
