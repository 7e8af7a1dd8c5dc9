package dev.kemas.image;

import dev.kemas.fault.Fault;
import dev.kemas.oci.ChainId;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.ImageConfig;
import dev.kemas.oci.Manifest;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * What can be said of an image from its manifest and its configuration alone, before the first byte
 * of a layer is asked for. Pure.
 */
record Preflight(Reference name, Manifest manifest, ImageConfig config, List<Digest> diffIds) {
  /** More than any builder makes; the kernel stacks 500 (overlayfs, OVL_MAX_STACK). */
  private static final int MOST_LAYERS = 500;

  /** What a compressed layer takes once it is unpacked, as a rule, in its own sizes. */
  private static final long UNPACKED = 2;

  /** Whether a manifest is of an image, and not of something else that a registry keeps. */
  static boolean isImage(Manifest manifest) {
    String type = manifest.config().mediaType();
    return MediaType.OCI_CONFIG.equals(type) || MediaType.DOCKER_CONFIG.equals(type);
  }

  /**
   * Refuses what is no image at all; to be asked before its configuration is read, which may be
   * anything.
   *
   * @throws Fault.Unsupported for an artifact, with what it is
   */
  static void requireNoArtifact(Reference name, Manifest manifest) {
    if (isImage(manifest)) {
      return;
    }
    String type =
        manifest.artifactType().orElseGet(() -> String.valueOf(manifest.config().mediaType()));
    String tool =
        type.contains("helm")
            ? "a Helm chart: helm pull oci://" + name.name() + " gets it"
            : "oras pull " + name + " gets its files";
    throw new Fault.Unsupported(
        name.familiar()
            + " is an artifact of the type "
            + type
            + ", no image that could be run: "
            + tool);
  }

  /**
   * Refuses what is no image that could run here.
   *
   * @throws Fault.InvalidArgument when manifest and configuration do not fit together
   * @throws Fault.Unsupported for a foreign system or layers of an unknown type
   */
  void requireImage() {
    if (manifest.layers().size() > MOST_LAYERS) {
      throw invalid(
          manifest.layers().size()
              + " layers, more than the "
              + MOST_LAYERS
              + " that can be stacked");
    }
    if (diffIds.size() != manifest.layers().size()) {
      throw invalid(
          diffIds.size()
              + " layers in its configuration, "
              + manifest.layers().size()
              + " in its manifest");
    }
    for (Descriptor layer : manifest.layers()) {
      if (layer.mediaType() == null || !MediaType.isLayer(layer.mediaType())) {
        throw new Fault.Unsupported(
            "layer "
                + layer.digest()
                + " of "
                + name.familiar()
                + " is of the type "
                + layer.mediaType()
                + ", which is no file system's");
      }
      if (layer.size() < 0) {
        throw invalid("layer " + layer.digest() + " has " + layer.size() + " bytes");
      }
    }
    if (!config.platform().os().equals("linux")) {
      throw new Fault.Unsupported(
          "image operating system \""
              + config.platform().os()
              + "\" cannot be used on this platform: operating system is not supported");
    }
  }

  /**
   * Refuses an image for another platform than the one that was asked for by name.
   *
   * @throws Fault.NotFound in Docker's words
   */
  void requirePlatform(Platform wanted) {
    Platform has = config.platform();
    if (!wanted.accepts(has)) {
      throw new Fault.NotFound(
          "image",
          name.toString(),
          "image with reference "
              + name.familiar()
              + " was found but does not provide the specified platform ("
              + wanted
              + "): it is for "
              + has);
    }
  }

  /**
   * Refuses what does not fit on the disk. How large a compressed layer becomes is not known
   * beforehand: twice its size is assumed, which is little for programs and much for models.
   *
   * @param here which layers, by blob and chain id, need not come
   * @throws Fault.ResourceExhausted with both figures
   */
  void requireSpace(DiskSpace disk, BiPredicate<Descriptor, Digest> here) {
    long wanted = 0;
    Optional<Digest> chain = Optional.empty();
    for (int i = 0; i < diffIds.size(); i++) {
      Descriptor blob = manifest.layers().get(i);
      chain = Optional.of(ChainId.of(chain, diffIds.get(i)));
      if (!here.test(blob, chain.get())) {
        boolean plain = blob.digest().equals(diffIds.get(i));
        wanted =
            saturated(wanted, saturated(blob.size(), plain ? blob.size() : times(blob.size())));
      }
    }
    long free = disk.free();
    if (wanted > free) {
      throw new Fault.ResourceExhausted(
          "not enough disk space for "
              + name.familiar()
              + ": about "
              + megabytes(wanted)
              + " MB are needed, "
              + megabytes(free)
              + " MB are free: remove what is not used (docker system prune) or give it a larger disk");
    }
  }

  private static long times(long size) {
    return size > Long.MAX_VALUE / UNPACKED ? Long.MAX_VALUE : size * UNPACKED;
  }

  private static long saturated(long one, long other) {
    return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
  }

  private static long megabytes(long bytes) {
    return bytes / 1_000_000;
  }

  private Fault.InvalidArgument invalid(String why) {
    return new Fault.InvalidArgument("invalid image " + name.familiar() + ": " + why);
  }
}
