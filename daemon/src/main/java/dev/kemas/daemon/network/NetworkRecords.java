package dev.kemas.daemon.network;

import dev.kemas.address.MacAddress;
import dev.kemas.address.Subnet;
import dev.kemas.api.EndpointSettings;
import dev.kemas.api.NetworkRecord;
import dev.kemas.api.NetworkRequest;
import dev.kemas.api.Timestamps;
import dev.kemas.network.Endpoint;
import dev.kemas.network.Network;
import dev.kemas.network.NetworkSpec;
import dev.kemas.network.Sandbox;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** From the engine's records of networks to the API's, and back. */
public final class NetworkRecords {
  private NetworkRecords() {}

  static NetworkRecord record(Network network, List<Sandbox> members) {
    SortedMap<String, NetworkRecord.Member> containers = new TreeMap<>();
    for (Sandbox sandbox : members) {
      sandbox
          .endpoint(network.id())
          .ifPresent(
              endpoint -> containers.put(sandbox.container().id(), member(sandbox, endpoint)));
    }
    return new NetworkRecord(
        network.name(),
        network.id(),
        Timestamps.nano(network.created()),
        "local",
        network.driver(),
        true,
        network.ipv6(),
        new NetworkRecord.Ipam(
            "default", Map.of(), network.ipam().stream().map(NetworkRecords::range).toList()),
        network.internal(),
        network.attachable(),
        false,
        new NetworkRecord.ConfigFrom(""),
        false,
        containers,
        new TreeMap<>(network.options()),
        new TreeMap<>(network.labels()));
  }

  private static NetworkRecord.Range range(Network.Range range) {
    SortedMap<String, String> reserved = new TreeMap<>();
    range.reserved().forEach((name, address) -> reserved.put(name, address.getHostAddress()));
    return new NetworkRecord.Range(
        range.subnet().toString(),
        range.range().map(Subnet::toString).orElse(""),
        range.gateway().getHostAddress(),
        reserved);
  }

  private static NetworkRecord.Member member(Sandbox sandbox, Endpoint endpoint) {
    return new NetworkRecord.Member(
        sandbox.container().name(),
        endpoint.id(),
        endpoint.mac().map(MacAddress::toString).orElse(""),
        endpoint.ipv4().map(NetworkRecords::withPrefix).orElse(""),
        endpoint.ipv6().map(NetworkRecords::withPrefix).orElse(""));
  }

  private static String withPrefix(Endpoint.Address address) {
    return address.address().getHostAddress() + "/" + address.prefixLength();
  }

  static NetworkSpec spec(NetworkRequest request) {
    return NetworkSpec.of(request.name())
        .withDriver(request.driver())
        .withIpam(
            request.ipam().map(NetworkRequest.Ipam::config).orElse(List.of()).stream()
                .map(r ->
                    NetworkSpec.Ipam.parse(
                        r.subnet(), r.ipRange(), r.gateway(), r.auxiliaryAddresses()))
                .toList())
        .withInternal(request.internal())
        .withAttachable(request.attachable())
        .withIpv6(request.enableIpv6().orElse(false))
        .withOptions(request.options())
        .withLabels(request.labels());
  }

  /** A container's connection as it is. */
  public static EndpointSettings endpoint(Endpoint endpoint) {
    return new EndpointSettings(
        Optional.empty(),
        List.of(),
        endpoint.aliases(),
        endpoint.mac().map(MacAddress::toString).orElse(""),
        Map.of(),
        endpoint.gatewayPriority(),
        endpoint.networkId(),
        endpoint.id(),
        gateway(endpoint.ipv4()),
        endpoint.ipv4().map(a -> a.address().getHostAddress()).orElse(""),
        endpoint.ipv4().map(Endpoint.Address::prefixLength).orElse(0),
        gateway(endpoint.ipv6()),
        endpoint.ipv6().map(a -> a.address().getHostAddress()).orElse(""),
        endpoint.ipv6().map(Endpoint.Address::prefixLength).orElse(0),
        endpoint.names());
  }

  /** A connection of a container that does not run. */
  public static EndpointSettings down() {
    return new EndpointSettings(
        Optional.empty(),
        List.of(),
        List.of(),
        "",
        Map.of(),
        0,
        "",
        "",
        "",
        "",
        0,
        "",
        "",
        0,
        List.of());
  }

  private static String gateway(Optional<Endpoint.Address> address) {
    return address.flatMap(Endpoint.Address::gateway).map(InetAddress::getHostAddress).orElse("");
  }
}
