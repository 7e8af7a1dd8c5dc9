package dev.kemas.cli.container;

import dev.kemas.api.client.Json;
import dev.kemas.cli.command.Pairs;
import dev.kemas.flag.Flags;
import dev.kemas.flag.UsageError;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code --network}, a name or {@code name=N,alias=A,ip=I}, and the options that speak of the first
 * network.
 *
 * @param mode the first network; "" for the engine's default
 * @param endpoints what is asked of each network, by its name
 */
record NetworkSpecs(String mode, Json.Obj endpoints) {
  static NetworkSpecs of(Flags flags) {
    List<String> words = new ArrayList<>(flags.all("network"));
    words.addAll(flags.all("net"));
    Json.Obj endpoints = Json.object();
    String mode = "";
    for (String word : words) {
      Json.Obj endpoint = Json.object();
      String name = word.indexOf('=') < 0 ? word : fields(word, endpoint);
      if (mode.isEmpty()) {
        mode = name;
        first(flags, endpoint);
      }
      if (!endpoint.fields().isEmpty() || words.size() > 1) {
        if (!endpoints.get(name).isNull()) {
          throw new UsageError("network \"" + name + "\" is specified multiple times");
        }
        endpoints.put(name, endpoint);
      }
    }
    if (words.isEmpty()) {
      Json.Obj endpoint = Json.object();
      first(flags, endpoint);
      if (!endpoint.fields().isEmpty()) {
        endpoints.put("default", endpoint);
      }
    }
    return new NetworkSpecs(mode, endpoints);
  }

  private static void first(Flags flags, Json.Obj endpoint) {
    List<String> aliases = new ArrayList<>(flags.all("network-alias"));
    aliases.addAll(flags.all("net-alias"));
    if (!aliases.isEmpty()) {
      endpoint.put("Aliases", aliases);
    }
    Json.Obj address = Json.object();
    put(address, "IPv4Address", flags.text("ip"));
    put(address, "IPv6Address", flags.text("ip6"));
    if (!flags.all("link-local-ip").isEmpty()) {
      address.put("LinkLocalIPs", flags.all("link-local-ip"));
    }
    if (!address.fields().isEmpty()) {
      endpoint.put("IPAMConfig", address);
    }
    put(endpoint, "MacAddress", flags.text("mac-address"));
  }

  private static void put(Json.Obj object, String name, String value) {
    if (!value.isEmpty()) {
      object.put(name, value);
    }
  }

  private static String fields(String text, Json.Obj endpoint) {
    String name = "";
    List<String> aliases = new ArrayList<>();
    List<String> options = new ArrayList<>();
    Json.Obj address = Json.object();
    for (String field : Fields.split(text)) {
      int equal = field.indexOf('=');
      String key = equal < 0 ? field : field.substring(0, equal);
      String value = field.substring(equal + 1);
      switch (key) {
        case "name" -> name = value;
        case "alias" -> aliases.add(value);
        case "driver-opt" -> options.add(value);
        case "ip" -> address.put("IPv4Address", value);
        case "ip6" -> address.put("IPv6Address", value);
        case "mac-address" -> endpoint.put("MacAddress", value);
        case "gw-priority" -> endpoint.put("GwPriority", new Json.Num(value));
        default ->
            throw new UsageError(
                "invalid argument \""
                    + text
                    + "\" for \"--network\" flag: invalid field key "
                    + key);
      }
    }
    if (!aliases.isEmpty()) {
      endpoint.put("Aliases", aliases);
    }
    if (!options.isEmpty()) {
      endpoint.put("DriverOpts", Pairs.of(options));
    }
    if (!address.fields().isEmpty()) {
      endpoint.put("IPAMConfig", address);
    }
    if (name.isEmpty()) {
      throw new UsageError(
          "invalid argument \"" + text + "\" for \"--network\" flag: no name set for network");
    }
    return name;
  }
}
