package dev.kemas.image;

import dev.kemas.fault.Fault;

/**
 * Makes base images from the package mirror that the host itself is configured for, with mmdebstrap
 * or debootstrap; no registry is asked. Thread-safe.
 */
public final class Bootstrap {
  Bootstrap() {}

  /**
   * Makes an image and gives it the reference as its name.
   *
   * @param progress gets the tool's output as it comes
   * @throws Fault.InvalidArgument for a reference that cannot be made; the message lists those that
   *     can
   * @throws Fault.Unsupported when the tool is missing; the message names the package
   * @throws Fault.Unavailable when the mirror cannot be reached; the message names the source entry
   */
  public Image make(BootstrapRequest request, Progress progress) {
    progress.status("Looking for " + request.reference());
    throw new Fault.Unsupported("Bootstrap is not there yet");
  }
}
