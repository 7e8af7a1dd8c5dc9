package dev.kemas.cli.network;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Pairs;
import dev.kemas.cli.command.Session;
import dev.kemas.flag.Flags;
import java.util.List;

/** {@code kemas network create}. */
public final class NetworkCreate extends Command {
  public NetworkCreate() {}

  @Override
  public String usage() {
    return "[OPTIONS] NETWORK";
  }

  @Override
  public int least() {
    return 1;
  }

  @Override
  public int most() {
    return 1;
  }

  @Override
  public void declare(Flags flags) {
    flags.toggle("attachable", "Enable manual container attachment");
    flags.list("aux-address", "Auxiliary IPv4 or IPv6 addresses used by Network driver");
    flags.value("driver", 'd', "string", "Driver to manage the Network", "bridge");
    flags.list("gateway", "IPv4 or IPv6 Gateway for the master subnet");
    flags.toggle("internal", "Restrict external access to the network");
    flags.list("ip-range", "Allocate container ip from a sub-range");
    flags.value("ipam-driver", (char) 0, "string", "IP Address Management Driver", "default");
    flags.list("ipam-opt", "Set IPAM driver specific options");
    flags.toggleOn("ipv4", "Enable or disable IPv4 address assignment");
    flags.toggle("ipv6", "Enable or disable IPv6 address assignment");
    flags.list("label", "Set metadata on a network");
    flags.list("opt", 'o', "Set driver specific options");
    flags.list("subnet", "Subnet in CIDR format that represents a network segment");
  }

  @Override
  public int run(Session session, Flags flags) {
    Json.Obj ipam =
        Json.object()
            .put("Driver", flags.text("ipam-driver"))
            .put("Options", Pairs.of(flags.all("ipam-opt")))
            .put("Config", pools(flags));
    Json.Obj body =
        Json.object()
            .put("Name", flags.arguments().getFirst())
            .put("CheckDuplicate", true)
            .put("Driver", flags.text("driver"))
            .put("Internal", flags.isOn("internal"))
            .put("Attachable", flags.isOn("attachable"))
            .put("EnableIPv6", flags.isOn("ipv6"))
            .put("IPAM", ipam)
            .put("Options", Pairs.of(flags.all("opt")))
            .put("Labels", Pairs.of(flags.all("label")));
    if (flags.isSet("ipv4")) {
      body.put("EnableIPv4", flags.isOn("ipv4"));
    }
    session.console().line(session.json(Request.post("/networks/create").body(body)).text("Id"));
    return 0;
  }

  /** The n-th range, gateway and so on belong to the n-th subnet. */
  private static Json.Arr pools(Flags flags) {
    Json.Arr pools = new Json.Arr();
    List<String> subnets = flags.all("subnet");
    int count =
        Math.max(
            subnets.size(), Math.max(flags.all("gateway").size(), flags.all("ip-range").size()));
    for (int i = 0; i < count; i++) {
      Json.Obj pool = Json.object();
      put(pool, "Subnet", subnets, i);
      put(pool, "IPRange", flags.all("ip-range"), i);
      put(pool, "Gateway", flags.all("gateway"), i);
      if (i == 0 && !flags.all("aux-address").isEmpty()) {
        pool.put("AuxiliaryAddresses", Pairs.of(flags.all("aux-address")));
      }
      pools.add(pool);
    }
    return pools;
  }

  private static void put(Json.Obj pool, String name, List<String> values, int index) {
    if (index < values.size()) {
      pool.put(name, values.get(index));
    }
  }
}
