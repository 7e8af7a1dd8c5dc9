package dev.kemas.bootstrap;

import dev.kemas.oci.Platform;
import java.util.List;
import java.util.Optional;

/**
 * Which base image to make.
 *
 * @param reference {@code debian:bookworm}, {@code python:3.11-slim}, {@code busybox}, ...
 * @param mirror address of a package mirror instead of the host's own
 * @param suite instead of what the reference says
 * @param include packages in addition
 * @param platform what for; empty for this machine's
 * @param hostTrust put the certificates that this host trusts in addition to its distribution's,
 *     and its pip index, into the image, so that pip, apt and curl work inside as on the host
 */
public record BootstrapRequest(
    String reference,
    Optional<String> mirror,
    Optional<String> suite,
    List<String> include,
    Optional<Platform> platform,
    boolean hostTrust) {
  public BootstrapRequest {
    include = List.copyOf(include);
  }

  /** This image from the host's own mirror, trusting what the host trusts. */
  public static BootstrapRequest of(String reference) {
    return new BootstrapRequest(
        reference, Optional.empty(), Optional.empty(), List.of(), Optional.empty(), true);
  }
}
