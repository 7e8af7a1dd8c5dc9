package dev.kemas.registry.client;

import dev.kemas.fault.Fault;
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
 * @param atOnce how many blobs move at once
 */
public record RegistrySettings(
    Map<String, List<URI>> mirrors,
    List<String> insecure,
    List<Path> certificates,
    Duration connectTimeout,
    Duration stall,
    Retries retries,
    AtOnce atOnce) {
  /**
   * How many blobs move at once, all work together; more than a few only share the same line.
   *
   * @param downloads at least 1
   * @param uploads at least 1
   */
  public record AtOnce(int downloads, int uploads) {
    /** As many as docker has. */
    public static final AtOnce DEFAULT = new AtOnce(3, 5);

    public AtOnce {
      if (downloads < 1 || uploads < 1) {
        throw new Fault.InvalidArgument(
            "at least one blob must move at once, not "
                + downloads
                + " down and "
                + uploads
                + " up");
      }
    }
  }

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
        Retries.DEFAULT,
        AtOnce.DEFAULT);
  }

  /** The same with other mirrors. */
  public RegistrySettings withMirrors(Map<String, List<URI>> others) {
    return new RegistrySettings(
        others, insecure, certificates, connectTimeout, stall, retries, atOnce);
  }

  /** The same with other folders of certificates. */
  public RegistrySettings withCertificates(List<Path> others) {
    return new RegistrySettings(mirrors, insecure, others, connectTimeout, stall, retries, atOnce);
  }

  /** The same with another patience. */
  public RegistrySettings withPatience(Duration newStall, Retries newRetries) {
    return new RegistrySettings(
        mirrors, insecure, certificates, connectTimeout, newStall, newRetries, atOnce);
  }

  /** The same with more or fewer blobs at once. */
  public RegistrySettings withAtOnce(AtOnce other) {
    return new RegistrySettings(
        mirrors, insecure, certificates, connectTimeout, stall, retries, other);
  }
}
