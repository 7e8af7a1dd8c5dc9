package dev.kemas.dns;

import java.net.InetAddress;
import java.util.List;

/**
 * What {@code --dns}, {@code --dns-search} and {@code --dns-option} say, for the daemon or for one
 * container. An empty list means: as one level above has it, in the end the host's resolv.conf.
 *
 * @param servers name servers, asked in this order
 * @param search domains that short names are tried in; {@code .} alone: none
 * @param options of resolv.conf(5), such as {@code ndots:2}
 */
public record DnsSettings(List<InetAddress> servers, List<String> search, List<String> options) {
  /** Nothing said. */
  public static final DnsSettings NONE = new DnsSettings(List.of(), List.of(), List.of());

  public DnsSettings {
    servers = List.copyOf(servers);
    search = List.copyOf(search);
    options = List.copyOf(options);
  }

  /** These settings, and where they are silent those of the level above. */
  public DnsSettings or(DnsSettings above) {
    return new DnsSettings(
        servers.isEmpty() ? above.servers : servers,
        search.isEmpty() ? above.search : search,
        options.isEmpty() ? above.options : options);
  }
}
