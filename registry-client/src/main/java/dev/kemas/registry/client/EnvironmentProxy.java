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

/** HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in upper or lower case, as curl and Go read them. */
final class EnvironmentProxy extends ProxySelector {
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
    if (proxy.isEmpty() || local(host) || excluded(host)) {
      return List.of(Proxy.NO_PROXY);
    }
    URI address = URI.create(proxy.contains("://") ? proxy : "http://" + proxy);
    int port = address.getPort() < 0 ? 80 : address.getPort();
    return List.of(
        new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(address.getHost(), port)));
  }

  private static boolean local(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
  }

  private boolean excluded(String host) {
    for (String entry : variable("NO_PROXY").split(",", -1)) {
      String name = entry.strip();
      String suffix = name.startsWith("*.") ? name.substring(1) : name;
      if (name.equals("*")
          || (!name.isEmpty()
              && (host.equals(name)
                  || host.endsWith(suffix.startsWith(".") ? suffix : "." + suffix)))) {
        return true;
      }
    }
    return false;
  }

  /** The request itself fails with the same cause, and says so. */
  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException cause) {}
}
