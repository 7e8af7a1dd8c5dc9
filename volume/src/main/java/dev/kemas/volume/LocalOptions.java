package dev.kemas.volume;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Mount;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The options of Docker's local driver: what is mounted in place of a folder. Pure but for DNS. */
final class LocalOptions {
  private static final Set<String> KNOWN = Set.of("type", "o", "device", "size");

  private LocalOptions() {}

  static void require(String volume, Map<String, String> options) {
    for (String key : options.keySet()) {
      if (!KNOWN.contains(key)) {
        throw new Fault.InvalidArgument("create " + volume + ": invalid option: \"" + key + "\"");
      }
    }
    if (options.containsKey("size")) {
      throw new Fault.InvalidArgument(
          "create " + volume + ": quota size requested but no quota support");
    }
    if (!options.isEmpty()) {
      for (String key : List.of("device", "type")) {
        if (options.getOrDefault(key, "").isEmpty()) {
          throw new Fault.InvalidArgument(
              "create " + volume + ": missing required option: \"" + key + "\"");
        }
      }
    }
  }

  /** What to mount; empty for a plain folder. */
  static Optional<Mount> mount(Volume volume) {
    if (volume.options().isEmpty()) {
      return Optional.empty();
    }
    String type = volume.options().getOrDefault("type", "none");
    List<String> words = new ArrayList<>();
    for (String word : volume.options().getOrDefault("o", "").split(",", -1)) {
      if (!word.isEmpty()) {
        words.add(type.startsWith("nfs") || type.equals("cifs") ? resolved(word) : word);
      }
    }
    return Optional.of(new Mount(type, volume.options().getOrDefault("device", ""), words));
  }

  /** mount(2) takes the server's address only; mount(8)'s helpers would resolve it. */
  private static String resolved(String word) {
    if (!word.startsWith("addr=")) {
      return word;
    }
    String host = word.substring("addr=".length());
    try {
      return "addr=" + InetAddress.getByName(host).getHostAddress();
    } catch (UnknownHostException e) {
      throw new Fault.Unavailable(
          "failed to mount local volume: cannot resolve the server " + host, e);
    }
  }
}
