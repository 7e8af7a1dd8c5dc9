package dev.kemas.network;

import dev.kemas.address.MacAddress;
import dev.kemas.address.Subnet;
import dev.kemas.dns.DnsSettings;
import dev.kemas.fault.Fault;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A sandbox as a record: all that is needed to repair or to remove what it has in the kernel.
 *
 * @param id the caller's
 * @param container who it is for
 * @param namespace the name of the file below {@code netns/}; empty: the host's own namespace
 * @param endpoints in the order of connection
 * @param ports what was asked for
 * @param published what is published, in the same order; empty while there is no way out
 * @param dns what the container said itself
 */
record StoredSandbox(
    String id,
    SandboxSpec.Container container,
    String namespace,
    List<StoredEndpoint> endpoints,
    List<PortRequest> ports,
    List<PublishedPort> published,
    DnsSettings dns) {
  static final String KIND = "sandbox";

  StoredSandbox {
    endpoints = List.copyOf(endpoints);
    ports = List.copyOf(ports);
    published = List.copyOf(published);
  }

  /**
   * One connection.
   *
   * @param id 64 hexadecimal digits
   * @param network the network's id
   * @param hostLink the host's end of the pair; empty in host and none
   * @param interfaceName the container's end; empty in host and none
   * @param addresses one of each family at most, IPv4 first
   * @param mac the container's end's
   * @param aliases as asked for
   * @param gatewayPriority as asked for
   */
  record StoredEndpoint(
      String id,
      String network,
      String hostLink,
      String interfaceName,
      List<InetAddress> addresses,
      Optional<MacAddress> mac,
      List<String> aliases,
      int gatewayPriority) {
    StoredEndpoint {
      addresses = List.copyOf(addresses);
      aliases = List.copyOf(aliases);
    }

    /** The same link for one who wants it so. */
    StoredEndpoint withWishes(EndpointSpec spec) {
      return new StoredEndpoint(
          id,
          network,
          hostLink,
          interfaceName,
          addresses,
          spec.mac().or(() -> mac),
          spec.aliases(),
          spec.gatewayPriority());
    }

    StoredEndpoint withAddresses(List<InetAddress> others) {
      return new StoredEndpoint(
          id, network, hostLink, interfaceName, others, mac, aliases, gatewayPriority);
    }

    boolean wired() {
      return !hostLink.isEmpty();
    }
  }

  StoredSandbox withEndpoints(List<StoredEndpoint> other) {
    return new StoredSandbox(id, container, namespace, other, ports, published, dns);
  }

  StoredSandbox withPublished(List<PublishedPort> other) {
    return new StoredSandbox(id, container, namespace, endpoints, ports, other, dns);
  }

  StoredSandbox withContainer(SandboxSpec.Container other) {
    return new StoredSandbox(id, other, namespace, endpoints, ports, published, dns);
  }

  NetworkRecords.Entry write() {
    return write(KIND);
  }

  /** The record under another kind. */
  NetworkRecords.Entry write(String kind) {
    RecordText text =
        new RecordText()
            .put("container", container.id())
            .put("name", container.name())
            .put("hostname", container.hostname())
            .put("domainname", container.domainname())
            .put("namespace", namespace)
            .putAll("dns", dns.servers().stream().map(Subnet::text).toList())
            .putAll("search", dns.search())
            .putAll("option", dns.options());
    for (int i = 0; i < endpoints.size(); i++) {
      text.putPart("endpoint", i, write(endpoints.get(i)));
    }
    for (int i = 0; i < ports.size(); i++) {
      text.putPart("port", i, write(ports.get(i)));
    }
    for (int i = 0; i < published.size(); i++) {
      text.putPart("published", i, write(published.get(i)));
    }
    return new NetworkRecords.Entry(kind, id, text.toString());
  }

  private static RecordText write(StoredEndpoint e) {
    return new RecordText()
        .put("id", e.id)
        .put("network", e.network)
        .put("link", e.hostLink)
        .put("interface", e.interfaceName)
        .putAll("address", e.addresses.stream().map(Subnet::text).toList())
        .put("mac", e.mac)
        .putAll("alias", e.aliases)
        .put("priority", e.gatewayPriority);
  }

  private static RecordText write(PortRequest p) {
    return new RecordText()
        .put("protocol", p.protocol())
        .put("container", p.containerPort())
        .put("address", p.hostAddress().map(Subnet::text))
        .put("first", p.firstHostPort())
        .put("last", p.lastHostPort());
  }

  private static RecordText write(PublishedPort p) {
    return new RecordText()
        .put("protocol", p.protocol())
        .put("container", p.containerPort())
        .put("address", Subnet.text(p.hostAddress()))
        .put("host", p.hostPort());
  }

  static StoredSandbox read(NetworkRecords.Entry entry) {
    try {
      RecordText text = RecordText.parse(entry.body());
      return new StoredSandbox(
          entry.id(),
          new SandboxSpec.Container(
              text.get("container"),
              text.get("name"),
              text.get("hostname"),
              text.get("domainname")),
          text.get("namespace"),
          all(text.parts("endpoint"), StoredSandbox::readEndpoint),
          all(text.parts("port"), StoredSandbox::readPort),
          all(text.parts("published"), StoredSandbox::readPublished),
          new DnsSettings(
              all(text.all("dns"), Subnet::parseAddress), text.all("search"), text.all("option")));
    } catch (IllegalArgumentException | Fault.InvalidArgument e) {
      throw new Fault.DataLoss("the record of sandbox " + entry.id() + " cannot be read", e);
    }
  }

  private static <A, B> List<B> all(List<A> from, java.util.function.Function<A, B> read) {
    List<B> list = new ArrayList<>(from.size());
    from.forEach(a -> list.add(read.apply(a)));
    return list;
  }

  private static StoredEndpoint readEndpoint(RecordText text) {
    return new StoredEndpoint(
        text.get("id"),
        text.get("network"),
        text.get("link"),
        text.get("interface"),
        all(text.all("address"), Subnet::parseAddress),
        text.find("mac").map(MacAddress::parse),
        text.all("alias"),
        text.number("priority"));
  }

  private static PortRequest readPort(RecordText text) {
    return new PortRequest(
        PortRequest.Protocol.valueOf(text.get("protocol")),
        text.number("container"),
        text.find("address").map(Subnet::parseAddress),
        text.number("first"),
        text.number("last"));
  }

  private static PublishedPort readPublished(RecordText text) {
    return new PublishedPort(
        PortRequest.Protocol.valueOf(text.get("protocol")),
        text.number("container"),
        Subnet.parseAddress(text.get("address")),
        text.number("host"));
  }
}
