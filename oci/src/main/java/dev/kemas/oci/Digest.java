package dev.kemas.oci;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.kemas.fault.Fault;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The name of content by what it contains (image-spec, descriptor.md, "Digests"). Only sha256 and
 * sha512 are accepted: the registered algorithms.
 *
 * @param algorithm {@code sha256} or {@code sha512}
 * @param hex lower-case hexadecimal, 64 or 128 characters
 */
public record Digest(String algorithm, String hex) implements Comparable<Digest> {
  private static final String SHA256 = "sha256";

  public Digest {
    int wanted =
        switch (algorithm) {
          case SHA256 -> 64;
          case "sha512" -> 128;
          default ->
              throw new Fault.InvalidArgument(
                  "invalid digest algorithm \"" + algorithm + "\": use sha256 or sha512");
        };
    if (hex.length() != wanted || !isLowerHex(hex)) {
      throw new Fault.InvalidArgument(
          "invalid digest \"" + algorithm + ":" + hex + "\": want " + wanted + " hex digits");
    }
  }

  private static boolean isLowerHex(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  /**
   * Reads {@code algorithm:hex}.
   *
   * @throws Fault.InvalidArgument if the text is not a digest
   */
  @JsonCreator
  public static Digest parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new Fault.InvalidArgument("invalid digest \"" + text + "\": want algorithm:hex");
    }
    return new Digest(text.substring(0, colon), text.substring(colon + 1));
  }

  /** A sha256 digest from its 32 raw bytes. */
  public static Digest sha256(byte[] hash) {
    return new Digest(SHA256, HexFormat.of().formatHex(hash));
  }

  /** The sha256 digest of these bytes. */
  public static Digest of(byte[] content) {
    return sha256(sha256Hasher().digest(content));
  }

  /** A new hasher for the canonical algorithm. */
  public static MessageDigest sha256Hasher() {
    return hasher("SHA-256");
  }

  /** A new hasher for this digest's algorithm. */
  public MessageDigest hasher() {
    return hasher(algorithm.equals(SHA256) ? "SHA-256" : "SHA-512");
  }

  private static MessageDigest hasher(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new Fault.Internal("this Java runtime lacks " + name, e);
    }
  }

  /** The first twelve hex digits: what people read in listings. */
  public String shortHex() {
    return hex.substring(0, 12);
  }

  @Override
  public int compareTo(Digest other) {
    int byAlgorithm = algorithm.compareTo(other.algorithm);
    return byAlgorithm != 0 ? byAlgorithm : hex.compareTo(other.hex);
  }

  @Override
  @JsonValue
  public String toString() {
    return algorithm + ":" + hex;
  }
}
