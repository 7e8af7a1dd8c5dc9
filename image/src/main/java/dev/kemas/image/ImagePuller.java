package dev.kemas.image;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import dev.kemas.registry.client.RegistryLogin;
import java.util.Optional;

/** Gets images from registries. Two pulls of one image at once do the work once. Thread-safe. */
public final class ImagePuller {
  ImagePuller() {}

  /**
   * Pulls the image of a name; {@code latest} where it has neither tag nor digest.
   *
   * @param platform which image of a multi-platform index; empty for this machine's
   * @param progress gets Docker's messages
   * @throws Fault.NotFound when the registry has no such image, or none for the platform
   * @throws Fault.Unavailable when the registry cannot be reached
   * @throws Fault.Unauthenticated when it refuses
   * @throws Fault.DataLoss when it sends bytes that do not match their digest
   */
  public Image pull(
      Reference name, Optional<Platform> platform, RegistryLogin login, Progress progress) {
    progress.status("Looking for " + name);
    throw new Fault.Unsupported("ImagePuller is not there yet");
  }
}
