package dev.kemas.sbom;

import dev.kemas.oci.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.UUID;

/** Names that the same inventory always gets. */
final class Stable {
  private Stable() {}

  /** A UUID of what a document says (RFC 9562, version 8). */
  static String uuid(byte[] content) {
    ByteBuffer hash = ByteBuffer.wrap(HexFormat.of().parseHex(Digest.of(content).hex()));
    long high = (hash.getLong() & ~0xF000L) | 0x8000L;
    long low = (hash.getLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
    return new UUID(high, low).toString();
  }

  /** A short hash of a text. */
  static String hash(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8)).shortHex();
  }

  /** The time as both formats want it: seconds, UTC. */
  static String time(Subject subject) {
    return subject.created().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
