package dev.kemas.cli.container;

import dev.kemas.api.client.Json;
import dev.kemas.flag.UsageError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code -v [source:]target[:options]}. */
final class VolumeSpecs {
  private VolumeSpecs() {}

  /**
   * Gives the ones with a source; a target alone goes into {@code anonymous}. A source that starts
   * with a dot is a path from here.
   */
  static List<String> split(List<String> specs, Json.Obj anonymous) {
    List<String> binds = new ArrayList<>();
    for (String spec : specs) {
      if (spec.isEmpty()) {
        throw new UsageError("invalid empty volume spec");
      }
      int colon = spec.indexOf(':');
      if (colon < 0) {
        anonymous.put(spec, Json.object());
        continue;
      }
      String source = spec.substring(0, colon);
      if (source.isEmpty() || colon == spec.length() - 1) {
        throw new UsageError("invalid spec: " + spec + ": empty section between colons");
      }
      boolean relative =
          source.equals(".")
              || source.equals("..")
              || source.startsWith("./")
              || source.startsWith("../");
      if (relative) {
        source = Path.of(source).toAbsolutePath().normalize().toString();
      }
      binds.add(source + spec.substring(colon));
    }
    return binds;
  }
}
