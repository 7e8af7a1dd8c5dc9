package dev.kemas.engine;

import dev.kemas.address.MacAddress;
import dev.kemas.address.Subnet;
import dev.kemas.container.HostConfig;
import dev.kemas.container.NetworkingConfig;
import dev.kemas.dns.DnsSettings;
import dev.kemas.fault.Fault;
import dev.kemas.network.EndpointSpec;
import dev.kemas.network.Network;
import dev.kemas.network.PortRequest;
import dev.kemas.network.SandboxSpec;
import java.net.InetAddress;
import java.nio.file.CopyOption;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a container's request means for its network: a sandbox of its own, the host's, or another
 * container's. Pure.
 *
 * @param sandbox what to open; empty for another container's
 * @param sharedWith the container whose network is used
 * @param isHost whether it is the host's
 */
record NetworkPlan(Optional<SandboxSpec> sandbox, Optional<String> sharedWith, boolean isHost) {
  static final CopyOption REPLACE = StandardCopyOption.REPLACE_EXISTING;
  private static final String CONTAINER = "container:";

  static NetworkPlan of(Container container) {
    HostConfig host = container.host();
    String mode = mode(host.networkMode());
    if (mode.startsWith(CONTAINER)) {
      return new NetworkPlan(
          Optional.empty(), Optional.of(mode.substring(CONTAINER.length())), false);
    }
    boolean isHost = mode.equals(Network.HOST);
    boolean none = mode.equals(Network.NONE) || container.config().networkDisabled();
    Map<String, EndpointSpec> endpoints = new LinkedHashMap<>();
    if (none) {
      endpoints.put(Network.NONE, EndpointSpec.to(Network.NONE));
    } else {
      endpoints.put(mode, EndpointSpec.to(mode));
      container
          .networking()
          .endpoints()
          .forEach((name, asked) -> {
            String key = mode(name);
            endpoints.put(key, endpoint(key, asked, container));
          });
    }
    SandboxSpec spec =
        SandboxSpec.of(
                container.id(),
                new SandboxSpec.Container(
                    container.id(),
                    container.name(),
                    container.config().hostname(),
                    container.config().domainname()))
            .withEndpoints(List.copyOf(endpoints.values()))
            .withDns(dns(host));
    return new NetworkPlan(
        Optional.of(isHost || none ? spec : spec.withPorts(ports(container))),
        Optional.empty(),
        isHost);
  }

  /** The name of a network mode as the network module knows it. */
  static String mode(String text) {
    return text.isEmpty() || text.equals("default") ? Network.BRIDGE : text;
  }

  static EndpointSpec endpoint(
      String network, NetworkingConfig.EndpointRequest asked, Container container) {
    EndpointSpec spec =
        EndpointSpec.to(network)
            .withAliases(asked.aliases())
            .withGatewayPriority(asked.gatewayPriority())
            .withOptions(asked.driverOpts());
    if (asked.addresses().isPresent()) {
      for (String text : List.of(asked.addresses().get().ipv4(), asked.addresses().get().ipv6())) {
        if (!text.isEmpty()) {
          spec = spec.withAddress(Subnet.parseAddress(text));
        }
      }
    }
    String mac =
        asked.macAddress().isEmpty()
            ? container.config().macAddress().orElse("")
            : asked.macAddress();
    return mac.isEmpty() ? spec : spec.withMac(MacAddress.parse(mac));
  }

  private static DnsSettings dns(HostConfig host) {
    List<InetAddress> servers = new ArrayList<>();
    host.dns().forEach(text -> servers.add(Subnet.parseAddress(text)));
    return new DnsSettings(servers, host.dnsSearch(), host.dnsOptions());
  }

  private static List<PortRequest> ports(Container container) {
    List<PortRequest> requests = new ArrayList<>();
    container
        .host()
        .portBindings()
        .forEach(
            (port, bindings) -> bindings.forEach(binding -> requests.add(request(port, binding))));
    if (container.host().publishAllPorts()) {
      for (String port : container.config().exposedPorts().keySet()) {
        if (!container.host().portBindings().containsKey(port)) {
          requests.add(request(port, new HostConfig.PortBinding("", "")));
        }
      }
    }
    return requests;
  }

  /**
   * @param port {@code 80/tcp}; the protocol may be left out
   */
  static PortRequest request(String port, HostConfig.PortBinding binding) {
    int slash = port.indexOf('/');
    String number = slash < 0 ? port : port.substring(0, slash);
    String protocol = slash < 0 ? "tcp" : port.substring(slash + 1);
    PortRequest.Protocol known =
        switch (protocol.toLowerCase(Locale.ROOT)) {
          case "tcp" -> PortRequest.Protocol.TCP;
          case "udp" -> PortRequest.Protocol.UDP;
          case "sctp" -> PortRequest.Protocol.SCTP;
          default -> throw new Fault.InvalidArgument("invalid proto: " + protocol);
        };
    String host = binding.hostPort();
    int dash = host.indexOf('-');
    int first = host.isEmpty() ? 0 : number(dash < 0 ? host : host.substring(0, dash), host);
    int last = dash < 0 ? first : number(host.substring(dash + 1), host);
    PortRequest request =
        new PortRequest(known, number(number, port), Optional.empty(), first, last);
    return binding.hostIp().isEmpty()
        ? request
        : request.withHostAddress(Subnet.parseAddress(binding.hostIp()));
  }

  private static int number(String text, String whole) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new Fault.InvalidArgument("invalid port specification: \"" + whole + "\"", e);
    }
  }
}
