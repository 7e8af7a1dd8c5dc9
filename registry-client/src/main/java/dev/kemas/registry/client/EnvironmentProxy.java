package dev.kemas.registry.client;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in upper or lower case, as curl and Go read them: {@code
 * [http://][user:password@]host[:port]}.
 */
final class EnvironmentProxy extends ProxySelector {
  /** A name is not looked up only to find out whether its address is in a range. */
  private static final Pattern ADDRESS =
      Pattern.compile("[0-9.]+|\\[?[0-9a-fA-F:]*:[0-9a-fA-F:]*]?");

  private final Map<String, String> environment;

  EnvironmentProxy(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  private String variable(String name) {
    String lower = environment.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    return lower.isEmpty() ? environment.getOrDefault(name, "") : lower;
  }

  @Override
  public List<Proxy> select(URI uri) {
    return proxy(uri)
        .map(address -> {
          int port = address.getPort() < 0 ? 80 : address.getPort();
          return new Proxy(
              Proxy.Type.HTTP, InetSocketAddress.createUnresolved(address.getHost(), port));
        })
        .map(List::of)
        .orElse(List.of(Proxy.NO_PROXY));
  }

  /**
   * What the proxy for an address wants to see ({@code Proxy-Authorization}); empty where there is
   * no proxy for it, or no user in the proxy's address.
   *
   * @throws Fault.InvalidArgument when the proxy's address cannot be read
   */
  Optional<String> authorization(URI uri) {
    return proxy(uri)
        .map(URI::getRawUserInfo)
        .map(pair -> {
          String plain = pair.contains(":") ? pair : pair + ":";
          // a password may have percent signs for what an address cannot hold, and a plus as it is
          String decoded = URLDecoder.decode(plain.replace("+", "%2B"), StandardCharsets.UTF_8);
          return "Basic "
              + Base64.getEncoder().encodeToString(decoded.getBytes(StandardCharsets.UTF_8));
        });
  }

  private Optional<URI> proxy(URI uri) {
    String host = uri.getHost() == null ? "" : uri.getHost();
    String name = "https".equals(uri.getScheme()) ? "HTTPS_PROXY" : "HTTP_PROXY";
    String proxy = variable(name);
    if (proxy.isEmpty() || HostPatterns.isLoopback(host) || excluded(uri, host)) {
      return Optional.empty();
    }
    return Optional.of(
        parsed(proxy.contains("://") ? proxy : "http://" + proxy)
            .filter(address -> address.getHost() != null)
            // its text may hold a password: it is not shown
            .orElseThrow(() ->
                new Fault.InvalidArgument(
                    name
                        + " cannot be read as the address of a proxy: want"
                        + " http://[USER:PASSWORD@]HOST[:PORT], with percent signs for what is"
                        + " special")));
  }

  private static Optional<URI> parsed(String text) {
    try {
      return Optional.of(new URI(text));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private boolean excluded(URI uri, String host) {
    for (String entry : variable("NO_PROXY").split(",", -1)) {
      String name = entry.strip();
      String suffix = name.startsWith("*.") ? name.substring(1) : name;
      if (name.equals("*")
          || (!name.isEmpty()
              && (host.equals(name)
                  || name.equals(uri.getAuthority())
                  || host.endsWith(suffix.startsWith(".") ? suffix : "." + suffix)
                  || (HostPatterns.isRange(name)
                      && ADDRESS.matcher(host).matches()
                      && HostPatterns.in(host, name))))) {
        return true;
      }
    }
    return false;
  }

  /** The request itself fails with the same cause, and says so. */
  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException cause) {}
}
