package dev.kemas.daemon;

import dev.kemas.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The short word that tells what one daemon makes in the kernel from what others make: links,
 * rules, cgroups. The same over restarts, another for each data root.
 */
final class Instance {
  private static final Path USUAL = Path.of("/var/lib/kemas");
  private static final int LENGTH = 6;

  private Instance() {}

  static String of(Path dataRoot) {
    if (dataRoot.equals(USUAL)) {
      return "0";
    }
    byte[] path = dataRoot.toString().getBytes(StandardCharsets.UTF_8);
    return Digest.of(path).hex().substring(0, LENGTH);
  }
}
