package dev.kemas.registry.client;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How registries are reached: the same for pull, push and build.
 *
 * @param mirrors asked before the registry whose domain they stand under ({@code docker.io}, {@code
 *     ghcr.io}), in this order; with scheme, and a path where repositories have a prefix there
 * @param insecure hosts ({@code host}, {@code host:port}) or address ranges ({@code 10.0.0.0/8})
 *     that may speak plain HTTP or show a certificate that nobody vouches for; loopback always may
 * @param certificates folders with a folder a registry ({@code host:port}) in which {@code *.crt}
 *     are authorities, {@code *.cert} with {@code *.key} what to show
 * @param connectTimeout how long one connection may take to come about
 * @param stall how long a transfer may stand still
 * @param retries how often requests are tried again
 */
public record RegistrySettings(
    Map<String, List<URI>> mirrors,
    List<String> insecure,
    List<Path> certificates,
    Duration connectTimeout,
    Duration stall,
    Retries retries) {
  /** No mirrors, nothing insecure but loopback, five seconds to connect. */
  public static final RegistrySettings DEFAULT =
      new RegistrySettings(List.of(), List.of(), Duration.ofSeconds(5));

  public RegistrySettings {
    mirrors = Map.copyOf(mirrors);
    insecure = List.copyOf(insecure);
    certificates = List.copyOf(certificates);
  }

  /** With mirrors of Docker Hub only, and the usual patience. */
  public RegistrySettings(List<URI> mirrors, List<String> insecure, Duration connectTimeout) {
    this(
        Map.of("docker.io", mirrors),
        insecure,
        List.of(Path.of("/etc/docker/certs.d"), Path.of("/etc/kemas/certs.d")),
        connectTimeout,
        Duration.ofSeconds(60),
        Retries.DEFAULT);
  }

  /** The same with other mirrors. */
  public RegistrySettings withMirrors(Map<String, List<URI>> others) {
    return new RegistrySettings(others, insecure, certificates, connectTimeout, stall, retries);
  }

  /** The same with other folders of certificates. */
  public RegistrySettings withCertificates(List<Path> others) {
    return new RegistrySettings(mirrors, insecure, others, connectTimeout, stall, retries);
  }

  /** The same with another patience. */
  public RegistrySettings withPatience(Duration newStall, Retries newRetries) {
    return new RegistrySettings(
        mirrors, insecure, certificates, connectTimeout, newStall, newRetries);
  }
}
