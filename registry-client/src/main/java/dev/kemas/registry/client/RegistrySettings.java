package dev.kemas.registry.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * How registries are reached.
 *
 * @param mirrors of Docker Hub, asked before it, in this order; with scheme
 * @param insecure hosts ({@code host}, {@code host:port}) or address ranges ({@code 10.0.0.0/8})
 *     that may speak plain HTTP or show a certificate that nobody vouches for; loopback always may
 * @param connectTimeout how long one connection may take to come about
 * @param stall how long a transfer may stand still
 * @param retries how often requests are tried again
 */
public record RegistrySettings(
    List<URI> mirrors,
    List<String> insecure,
    Duration connectTimeout,
    Duration stall,
    Retries retries) {
  /** No mirrors, nothing insecure but loopback, five seconds to connect. */
  public static final RegistrySettings DEFAULT =
      new RegistrySettings(List.of(), List.of(), Duration.ofSeconds(5));

  public RegistrySettings {
    mirrors = List.copyOf(mirrors);
    insecure = List.copyOf(insecure);
  }

  /** With the usual patience. */
  public RegistrySettings(List<URI> mirrors, List<String> insecure, Duration connectTimeout) {
    this(mirrors, insecure, connectTimeout, Duration.ofSeconds(60), Retries.DEFAULT);
  }

  /** The same with another patience. */
  public RegistrySettings withPatience(Duration newStall, Retries newRetries) {
    return new RegistrySettings(mirrors, insecure, connectTimeout, newStall, newRetries);
  }
}
