package dev.kemas.dns;

import dev.kemas.address.Subnet;
import dev.kemas.fault.Fault;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The file resolv.conf(5): read, and written for containers. Pure. */
public final class ResolvConf {
  /** Where the engine's own name server is, inside every container that has one. */
  public static final String ENGINE_SERVER = "127.0.0.11";

  private ResolvConf() {}

  /** Reads servers, search domains and options; the last search or domain line counts. */
  public static DnsSettings parse(String text) {
    List<InetAddress> servers = new ArrayList<>();
    List<String> search = new ArrayList<>();
    List<String> options = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      String[] words = line.strip().split("\\s+", -1);
      List<String> values = List.of(words).subList(1, words.length);
      switch (words[0]) {
        case "nameserver" -> values.stream().limit(1).forEach(v -> addServer(servers, v));
        case "search", "domain" -> {
          search.clear();
          search.addAll(values);
        }
        case "options" -> options.addAll(values);
        default -> {} // comments and what other systems know
      }
    }
    return new DnsSettings(servers, search, options);
  }

  private static void addServer(List<InetAddress> servers, String text) {
    try {
      servers.add(Subnet.parseAddress(text));
    } catch (Fault.InvalidArgument e) {
      // a link-local server with a zone is of no use inside a container, nor is a typing error
      org.slf4j.LoggerFactory.getLogger(ResolvConf.class)
          .debug("a name server of the host is left out: {}", e.getMessage());
    }
  }

  /** The same settings with the servers that a container can reach. */
  public static DnsSettings reachable(DnsSettings dns, boolean ipv6) {
    Predicate<InetAddress> usable =
        a -> !a.isLoopbackAddress() && (ipv6 || a.getAddress().length == 4);
    return new DnsSettings(
        dns.servers().stream().filter(usable).toList(), dns.search(), dns.options());
  }

  /** A container's file that names servers directly. */
  public static String direct(DnsSettings dns) {
    return text(dns.servers().stream().map(Subnet::text).toList(), dns, List.of());
  }

  /** A container's file that names the engine's server, which asks those of the settings. */
  public static String engine(DnsSettings dns) {
    boolean ndots = dns.options().stream().anyMatch(o -> o.startsWith("ndots:"));
    // a container's name has no dot and is to be asked for as it is
    return text(List.of(ENGINE_SERVER), dns, ndots ? List.of() : List.of("ndots:0"));
  }

  private static String text(List<String> servers, DnsSettings dns, List<String> moreOptions) {
    StringBuilder text = new StringBuilder("# Made by Kemas for this container.\n");
    servers.forEach(s -> text.append("nameserver ").append(s).append('\n'));
    List<String> search = dns.search().equals(List.of(".")) ? List.of() : dns.search();
    if (!search.isEmpty()) {
      text.append("search ").append(String.join(" ", search)).append('\n');
    }
    List<String> options = new ArrayList<>(dns.options());
    options.addAll(moreOptions);
    if (!options.isEmpty()) {
      text.append("options ").append(String.join(" ", options)).append('\n');
    }
    return text.toString();
  }
}
