package dev.kemas.network;

import dev.kemas.address.Subnet;
import dev.kemas.fault.Fault;
import java.net.InetAddress;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A network as a record, and back. */
final class StoredNetwork {
  static final String KIND = "network";

  private StoredNetwork() {}

  static NetworkRecords.Entry write(Network network) {
    RecordText text =
        new RecordText()
            .put("name", network.name())
            .put("created", network.created())
            .put("driver", network.driver())
            .put("internal", network.internal())
            .put("attachable", network.attachable())
            .put("ipv6", network.ipv6())
            .putMap("option", network.options())
            .putMap("label", network.labels())
            .put("bridge", network.bridge())
            .put("mtu", network.mtu());
    for (int i = 0; i < network.ipam().size(); i++) {
      text.putPart("range", i, write(network.ipam().get(i)));
    }
    return new NetworkRecords.Entry(KIND, network.id(), text.toString());
  }

  private static RecordText write(Network.Range range) {
    Map<String, String> reserved = new HashMap<>();
    range.reserved().forEach((name, address) -> reserved.put(name, Subnet.text(address)));
    return new RecordText()
        .put("subnet", range.subnet())
        .put("range", range.range())
        .put("gateway", Subnet.text(range.gateway()))
        .putMap("reserved", reserved);
  }

  static Network read(NetworkRecords.Entry entry) {
    try {
      RecordText text = RecordText.parse(entry.body());
      List<Network.Range> ipam = new ArrayList<>();
      text.parts("range").forEach(part -> ipam.add(readRange(part)));
      return new Network(
          entry.id(),
          text.get("name"),
          Instant.parse(text.get("created")),
          text.get("driver"),
          ipam,
          text.flag("internal"),
          text.flag("attachable"),
          text.flag("ipv6"),
          text.map("option"),
          text.map("label"),
          text.get("bridge"),
          text.number("mtu"));
    } catch (DateTimeException | Fault.InvalidArgument e) {
      throw new Fault.DataLoss("the record of network " + entry.id() + " cannot be read", e);
    }
  }

  private static Network.Range readRange(RecordText text) {
    Map<String, InetAddress> reserved = new HashMap<>();
    text.map("reserved").forEach((name, ip) -> reserved.put(name, Subnet.parseAddress(ip)));
    return new Network.Range(
        Subnet.parse(text.get("subnet")),
        text.find("range").map(Subnet::parse),
        Subnet.parseAddress(text.get("gateway")),
        reserved);
  }
}
