package dev.kemas.cli.network;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Pairs;
import dev.kemas.cli.command.Session;
import dev.kemas.flag.Flags;

/** {@code kemas network connect} and {@code kemas network disconnect}. */
public final class NetworkConnect extends Command {
  private final boolean connects;

  /**
   * @param connects false for disconnect
   */
  public NetworkConnect(boolean connects) {
    this.connects = connects;
  }

  @Override
  public String usage() {
    return "[OPTIONS] NETWORK CONTAINER";
  }

  @Override
  public String completes() {
    return "networks";
  }

  @Override
  public int least() {
    return 2;
  }

  @Override
  public int most() {
    return 2;
  }

  @Override
  public void declare(Flags flags) {
    if (!connects) {
      flags.toggle("force", 'f', "Force the container to disconnect from a network");
      return;
    }
    flags.list("alias", "Add network-scoped alias for the container");
    flags.list("driver-opt", "driver options for the network");
    flags.value("ip", "string", "IPv4 address (e.g., \"172.30.100.104\")");
    flags.value("ip6", "string", "IPv6 address (e.g., \"2001:db8::33\")");
    flags.list("link", "Add link to another container");
  }

  @Override
  public int run(Session session, Flags flags) {
    String path = "/networks/" + Request.encode(flags.arguments().get(0));
    Json.Obj body = Json.object().put("Container", flags.arguments().get(1));
    if (connects) {
      Json.Obj address = Json.object();
      address.put("IPv4Address", flags.text("ip")).put("IPv6Address", flags.text("ip6"));
      Json.Obj endpoint =
          Json.object()
              .put("IPAMConfig", address)
              .put("Links", flags.all("link"))
              .put("Aliases", flags.all("alias"))
              .put("DriverOpts", Pairs.of(flags.all("driver-opt")));
      session.done(Request.post(path + "/connect").body(body.put("EndpointConfig", endpoint)));
    } else {
      body.put("Force", flags.isOn("force"));
      session.done(Request.post(path + "/disconnect").body(body));
    }
    return 0;
  }
}
