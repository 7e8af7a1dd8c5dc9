package dev.kemas.registry.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in upper or lower case, as curl and Go read them. */
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
    String host = uri.getHost() == null ? "" : uri.getHost();
    String proxy = variable("https".equals(uri.getScheme()) ? "HTTPS_PROXY" : "HTTP_PROXY");
    if (proxy.isEmpty() || HostPatterns.isLoopback(host) || excluded(uri, host)) {
      return List.of(Proxy.NO_PROXY);
    }
    URI address = URI.create(proxy.contains("://") ? proxy : "http://" + proxy);
    int port = address.getPort() < 0 ? 80 : address.getPort();
    return List.of(
        new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(address.getHost(), port)));
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
