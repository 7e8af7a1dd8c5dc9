package dev.kemas.network;

import dev.kemas.address.AddressPool;
import dev.kemas.address.Subnet;
import dev.kemas.dns.DnsSettings;
import dev.kemas.fault.Fault;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * How the networks of one daemon are set up. Made by {@link #of}, changed by the {@code with}
 * methods.
 *
 * @param instance names the daemon in everything it makes in the kernel, so that several run side
 *     by side: 1 to 6 of a-z and 0-9, stable over restarts, different for each data root
 * @param execRoot the folder for what is gone after a reboot; namespaces are kept below {@code
 *     netns/}
 * @param defaultBridge whether there is a network named {@code bridge} at all (dockerd's {@code
 *     --bridge none})
 * @param bridgeName the link of the default network, at most 15 characters
 * @param bip the default network's gateway and subnet (dockerd's {@code --bip}), empty: the first
 *     free pool
 * @param pools where subnets of new networks come from, in this order
 * @param hostGateway what {@code host-gateway} in extra hosts stands for, empty: the default
 *     network's gateway
 * @param dns servers, search domains and options that containers get when they name none themselves
 * @param mtu of bridges and links in bytes; 0: the kernel's default
 * @param interContainer whether containers of the default network may talk to each other (dockerd's
 *     {@code --icc})
 * @param bindAddress the host address of a published port that names none (dockerd's {@code --ip})
 * @param spares how many sandboxes are kept ready for the default network; 0: none
 * @param resolvConf the host's list of name servers
 * @param hostNamespace the network namespace that plays the host, empty: this process's own
 */
public record NetworkSettings(
    String instance,
    Path execRoot,
    boolean defaultBridge,
    String bridgeName,
    Optional<GatewayInSubnet> bip,
    List<AddressPool> pools,
    Optional<InetAddress> hostGateway,
    DnsSettings dns,
    int mtu,
    boolean interContainer,
    InetAddress bindAddress,
    int spares,
    Path resolvConf,
    Optional<Path> hostNamespace) {
  private static final Pattern INSTANCE = Pattern.compile("[a-z0-9]{1,6}");
  private static final Pattern LINK = Pattern.compile("[a-zA-Z0-9_.-]{1,15}");

  /**
   * A gateway and the subnet it is in.
   *
   * @param gateway an address of the subnet
   * @param subnet the range
   */
  public record GatewayInSubnet(InetAddress gateway, Subnet subnet) {
    /**
     * Reads {@code 10.10.0.1/24}.
     *
     * @throws Fault.InvalidArgument when it is no address with a prefix length
     */
    public static GatewayInSubnet parse(String text) {
      Subnet subnet = Subnet.parse(text);
      return new GatewayInSubnet(Subnet.parseAddress(text.substring(0, text.indexOf('/'))), subnet);
    }
  }

  /**
   * @throws Fault.InvalidArgument when the instance or a link name cannot be used by the kernel
   */
  public NetworkSettings {
    if (!INSTANCE.matcher(instance).matches()) {
      throw new Fault.InvalidArgument(
          "invalid instance \"" + instance + "\": use 1 to 6 of a-z and 0-9");
    }
    if (!LINK.matcher(bridgeName).matches()) {
      throw new Fault.InvalidArgument(
          "invalid bridge name \"" + bridgeName + "\": use 1 to 15 of a-z, A-Z, 0-9, _ . -");
    }
    if (spares < 0) {
      throw new Fault.InvalidArgument("the number of spare sandboxes is negative: " + spares);
    }
    pools = List.copyOf(pools);
  }

  /** The defaults for one instance. */
  public static NetworkSettings of(String instance, Path execRoot) {
    return new NetworkSettings(
        instance,
        execRoot,
        true,
        "kemas-" + instance,
        Optional.empty(),
        AddressPool.DOCKER_DEFAULTS,
        Optional.empty(),
        DnsSettings.NONE,
        0,
        true,
        Subnet.parseAddress("0.0.0.0"),
        3,
        Path.of("/etc/resolv.conf"),
        Optional.empty());
  }

  /** The same without a default network. */
  public NetworkSettings withoutDefaultBridge() {
    return changed(d -> d.defaultBridge = false);
  }

  /** The same with another link for the default network. */
  public NetworkSettings withBridgeName(String name) {
    return changed(d -> d.bridgeName = name);
  }

  /** The same with a given gateway and subnet of the default network. */
  public NetworkSettings withBip(GatewayInSubnet gateway) {
    return changed(d -> d.bip = Optional.of(gateway));
  }

  /** The same with other address pools. */
  public NetworkSettings withPools(List<AddressPool> other) {
    return changed(d -> d.pools = other);
  }

  /** The same with a given address for {@code host-gateway}. */
  public NetworkSettings withHostGateway(InetAddress address) {
    return changed(d -> d.hostGateway = Optional.of(address));
  }

  /** The same with other DNS settings. */
  public NetworkSettings withDns(DnsSettings other) {
    return changed(d -> d.dns = other);
  }

  /** The same with another MTU. */
  public NetworkSettings withMtu(int bytes) {
    return changed(d -> d.mtu = bytes);
  }

  /** The same with containers of the default network allowed, or not, to talk to each other. */
  public NetworkSettings withInterContainer(boolean allowed) {
    return changed(d -> d.interContainer = allowed);
  }

  /** The same with another default host address for published ports. */
  public NetworkSettings withBindAddress(InetAddress address) {
    return changed(d -> d.bindAddress = address);
  }

  /** The same with another number of spare sandboxes. */
  public NetworkSettings withSpares(int number) {
    return changed(d -> d.spares = number);
  }

  /** The same with another file for the host's name servers. */
  public NetworkSettings withResolvConf(Path file) {
    return changed(d -> d.resolvConf = file);
  }

  /** The same with another network namespace in the part of the host. */
  public NetworkSettings withHostNamespace(Path namespace) {
    return changed(d -> d.hostNamespace = Optional.of(namespace));
  }

  /** What a {@code with} method changes before it is a record again. */
  private static final class Draft {
    String instance;
    Path execRoot;
    boolean defaultBridge;
    String bridgeName;
    Optional<GatewayInSubnet> bip;
    List<AddressPool> pools;
    Optional<InetAddress> hostGateway;
    DnsSettings dns;
    int mtu;
    boolean interContainer;
    InetAddress bindAddress;
    int spares;
    Path resolvConf;
    Optional<Path> hostNamespace;

    Draft(NetworkSettings from) {
      instance = from.instance;
      execRoot = from.execRoot;
      defaultBridge = from.defaultBridge;
      bridgeName = from.bridgeName;
      bip = from.bip;
      pools = from.pools;
      hostGateway = from.hostGateway;
      dns = from.dns;
      mtu = from.mtu;
      interContainer = from.interContainer;
      bindAddress = from.bindAddress;
      spares = from.spares;
      resolvConf = from.resolvConf;
      hostNamespace = from.hostNamespace;
    }
  }

  private NetworkSettings changed(Consumer<Draft> change) {
    Draft d = new Draft(this);
    change.accept(d);
    return new NetworkSettings(
        d.instance,
        d.execRoot,
        d.defaultBridge,
        d.bridgeName,
        d.bip,
        d.pools,
        d.hostGateway,
        d.dns,
        d.mtu,
        d.interContainer,
        d.bindAddress,
        d.spares,
        d.resolvConf,
        d.hostNamespace);
  }
}
