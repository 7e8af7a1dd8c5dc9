package dev.kemas.daemon;

import dev.kemas.address.AddressPool;
import dev.kemas.address.Subnet;
import dev.kemas.daemon.config.DaemonConfig;
import dev.kemas.dns.DnsSettings;
import dev.kemas.network.NetworkSettings;

/** From the daemon's options to the network's settings. */
final class NetworkSetup {
  private NetworkSetup() {}

  static NetworkSettings of(DaemonConfig config, String instance) {
    DaemonConfig.NetworkOptions options = config.network();
    NetworkSettings settings =
        NetworkSettings.of(instance, config.execRoot())
            .withDns(
                new DnsSettings(
                    options.dns().stream().map(Subnet::parseAddress).toList(),
                    options.dnsSearch(),
                    options.dnsOptions()))
            .withMtu(options.mtu())
            .withInterContainer(options.interContainer());
    if (!options.pools().isEmpty()) {
      settings =
          settings.withPools(
              options.pools().stream().map(p -> AddressPool.of(p.base(), p.size())).toList());
    }
    if (options.bip().isPresent()) {
      settings = settings.withBip(NetworkSettings.GatewayInSubnet.parse(options.bip().get()));
    }
    if (options.bindAddress().isPresent()) {
      settings = settings.withBindAddress(Subnet.parseAddress(options.bindAddress().get()));
    }
    if (options.hostGateway().isPresent()) {
      settings = settings.withHostGateway(Subnet.parseAddress(options.hostGateway().get()));
    }
    if (options.bridge().isPresent()) {
      settings =
          options.bridge().get().equals("none")
              ? settings.withoutDefaultBridge()
              : settings.withBridgeName(options.bridge().get());
    }
    return settings;
  }
}
