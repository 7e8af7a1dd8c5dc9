package dev.kemas.sbom;

import dev.kemas.fault.Fault;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What a package's archive or record hashes to, as its ecosystem says or as it was read.
 *
 * @param hex lower-case hexadecimal, as long as the algorithm's result
 */
public record Checksum(Algorithm algorithm, String hex) implements Comparable<Checksum> {
  /** The algorithms that both SPDX 2.3 and CycloneDX 1.6 know and package databases use. */
  public enum Algorithm {
    MD5("MD5", "MD5", 16),
    SHA1("SHA1", "SHA-1", 20),
    SHA256("SHA256", "SHA-256", 32),
    SHA512("SHA512", "SHA-512", 64);

    private final String spdx;
    private final String cycloneDx;
    private final int bytes;

    Algorithm(String spdx, String cycloneDx, int bytes) {
      this.spdx = spdx;
      this.cycloneDx = cycloneDx;
      this.bytes = bytes;
    }

    /** Its name in SPDX 2.3, section 7.10. */
    public String spdx() {
      return spdx;
    }

    /** Its name in CycloneDX 1.6, {@code hash-alg}; the JDK's name too. */
    public String cycloneDx() {
      return cycloneDx;
    }
  }

  public Checksum {
    hex = hex.toLowerCase(Locale.ROOT);
    if (hex.length() != 2 * algorithm.bytes
        || !hex.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128)) {
      throw new Fault.InvalidArgument(
          "invalid " + algorithm + " \"" + hex + "\": want " + 2 * algorithm.bytes + " hex digits");
    }
  }

  static Checksum of(Algorithm algorithm, byte[] hash) {
    return new Checksum(algorithm, HexFormat.of().formatHex(hash));
  }

  @Override
  public int compareTo(Checksum other) {
    return Comparator.comparing(Checksum::algorithm)
        .thenComparing(Checksum::hex)
        .compare(this, other);
  }
}
