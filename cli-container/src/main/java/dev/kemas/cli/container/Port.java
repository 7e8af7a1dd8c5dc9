package dev.kemas.cli.container;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Session;
import dev.kemas.flag.Flags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code kemas port}. */
public final class Port extends Command {
  public Port() {}

  @Override
  public String usage() {
    return "CONTAINER [PRIVATE_PORT[/PROTO]]";
  }

  @Override
  public String completes() {
    return "running";
  }

  @Override
  public int least() {
    return 1;
  }

  @Override
  public int most() {
    return 2;
  }

  @Override
  public int run(Session session, Flags flags) {
    String name = flags.arguments().getFirst();
    Json ports =
        session.json(Request.get(Paths.of(name, "json"))).get("NetworkSettings").get("Ports");
    List<String> lines = new ArrayList<>();
    if (flags.arguments().size() == 1) {
      for (Map.Entry<String, Json> port : ports.fields().entrySet()) {
        for (Json binding : port.getValue().items()) {
          lines.add(port.getKey() + " -> " + address(binding));
        }
      }
      lines.sort(null);
    } else {
      String wanted = flags.arguments().get(1);
      String key = wanted.indexOf('/') < 0 ? wanted + "/tcp" : wanted;
      for (Json binding : ports.get(key).items()) {
        lines.add(address(binding));
      }
      if (lines.isEmpty()) {
        throw new Exit(1, "Error: No public port '" + wanted + "' published for " + name);
      }
    }
    for (String line : lines) {
      session.console().line(line);
    }
    return 0;
  }

  private static String address(Json binding) {
    return Ports.host(binding.text("HostIp")) + ":" + binding.text("HostPort");
  }
}
