package dev.kemas.network;

import dev.kemas.dns.DnsSettings;
import java.util.List;

/**
 * The wish for a container's network. Made by {@link #of}, changed by the {@code with} methods.
 *
 * @param id unique on this daemon, 1 to 64 of a-z and 0-9; the container's id will do
 * @param container who it is for
 * @param endpoints the networks to connect to, in order; {@link Network#HOST} or {@link
 *     Network#NONE} stand alone; empty means {@code none}
 * @param ports to publish
 * @param dns what the container says itself
 */
public record SandboxSpec(
    String id,
    Container container,
    List<EndpointSpec> endpoints,
    List<PortRequest> ports,
    DnsSettings dns) {
  public SandboxSpec {
    endpoints = List.copyOf(endpoints);
    ports = List.copyOf(ports);
  }

  /**
   * Who a sandbox is for; the source of the names that the DNS knows.
   *
   * @param id 64 hexadecimal digits
   * @param name without a leading slash
   * @param hostname without the domain
   * @param domainname often empty
   */
  public record Container(String id, String name, String hostname, String domainname) {
    /** Its first twelve digits, which the DNS answers to as well. */
    public String shortId() {
      return id.substring(0, Math.min(12, id.length()));
    }
  }

  /** For a container, not connected to anything. */
  public static SandboxSpec of(String id, Container container) {
    return new SandboxSpec(id, container, List.of(), List.of(), DnsSettings.NONE);
  }

  /** The same with networks. */
  public SandboxSpec withEndpoints(List<EndpointSpec> networks) {
    return new SandboxSpec(id, container, networks, ports, dns);
  }

  /** The same with ports. */
  public SandboxSpec withPorts(List<PortRequest> published) {
    return new SandboxSpec(id, container, endpoints, published, dns);
  }

  /** The same with DNS settings. */
  public SandboxSpec withDns(DnsSettings other) {
    return new SandboxSpec(id, container, endpoints, ports, other);
  }
}
