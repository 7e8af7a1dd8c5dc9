package dev.kemas.registry.client;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * One place where a repository may be found.
 *
 * @param base scheme, host and port
 * @param prefix of the repositories' paths there, with a slash at its end; empty for none
 * @param verified whether a certificate must be vouched for
 * @param mirror whether it stands in for another registry, which is asked when this one fails
 */
record Endpoint(URI base, String prefix, boolean verified, boolean mirror) {
  private static final String HUB = "docker.io";
  private static final String HUB_HOST = "registry-1.docker.io";

  /** Where to ask for what a registry has, in this order. */
  static List<Endpoint> of(String domain, RegistrySettings settings) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (URI mirror : settings.mirrors().getOrDefault(domain, List.of())) {
      endpoints.add(
          new Endpoint(
              mirror.resolve("/"),
              prefix(mirror),
              !HostPatterns.insecure(mirror.getAuthority(), settings.insecure()),
              true));
    }
    String host = domain.equals(HUB) ? HUB_HOST : domain;
    if (HostPatterns.insecure(host, settings.insecure())) {
      endpoints.add(at("https://" + host, false));
      endpoints.add(at("http://" + host, false));
    } else {
      endpoints.add(at("https://" + host, true));
    }
    return List.copyOf(endpoints);
  }

  /** A registry itself. */
  static Endpoint at(String address, boolean verified) {
    return new Endpoint(URI.create(address), "", verified, false);
  }

  private static String prefix(URI mirror) {
    String path = mirror.getPath().replaceAll("^/+|/+$", "");
    return path.isEmpty() ? "" : path + "/";
  }

  /** Host and port, for messages. */
  String host() {
    return base.getAuthority();
  }

  URI resolve(String path) {
    return base.resolve(path);
  }
}
