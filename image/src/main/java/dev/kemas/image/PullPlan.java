package dev.kemas.image;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Index;
import dev.kemas.oci.Json;
import dev.kemas.oci.Manifest;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import dev.kemas.registry.client.RemoteManifest;
import dev.kemas.registry.client.Repository;
import java.util.List;
import java.util.Optional;

/**
 * Which manifest a name stands for on a platform.
 *
 * @param named what the name led to: an index, or the manifest itself
 * @param raw the manifest's bytes
 */
record PullPlan(Descriptor named, RemoteManifest raw, Manifest manifest) {
  private static final int MAX_DEPTH = 4;
  private static final int MOST_SHOWN = 20;

  static PullPlan of(Repository repository, Reference name, Optional<Platform> platform) {
    RemoteManifest named = repository.manifest(name);
    RemoteManifest at = named;
    for (int i = 0; i < MAX_DEPTH; i++) {
      String type = at.descriptor().mediaType();
      if (!MediaType.isIndex(type)) {
        return new PullPlan(named.descriptor(), at, manifest(at, name));
      }
      Index index = Json.read(at.bytes(), Index.class, "image index");
      Descriptor chosen = choose(index, platform.orElseGet(Platform::host), name);
      at = repository.manifest(name.withDigest(chosen.digest()));
    }
    throw new Fault.InvalidArgument("the indexes of " + name.familiar() + " are nested too deep");
  }

  /** The manifest of one image. */
  static Manifest manifest(RemoteManifest raw, Reference name) {
    String type = raw.descriptor().mediaType();
    if (!MediaType.isManifest(type)) {
      throw new Fault.Unsupported(
          "the manifest of "
              + name.familiar()
              + " is of the type "
              + type
              + ", which is no image's: schema 1 is long out of use, artifacts are not run");
    }
    Manifest manifest = Json.read(raw.bytes(), Manifest.class, "image manifest");
    if (manifest.config() == null) {
      throw new Fault.InvalidArgument(
          "invalid image manifest of " + name.familiar() + ": no configuration");
    }
    return manifest;
  }

  private static Descriptor choose(Index index, Platform wanted, Reference name) {
    List<Descriptor> fitting =
        index.manifests().stream()
            .filter(d -> !d.annotations().containsKey("vnd.docker.reference.type"))
            .filter(d -> d.platform().map(wanted::accepts).orElse(false))
            .toList();
    if (!fitting.isEmpty()) {
      return fitting.getFirst();
    }
    List<Descriptor> anywhere =
        index.manifests().stream().filter(d -> d.platform().isEmpty()).toList();
    if (anywhere.size() == 1) {
      return anywhere.getFirst();
    }
    throw new Fault.NotFound(
        "image",
        name.toString(),
        "no matching manifest for "
            + wanted
            + " in the manifest list entries of "
            + name.familiar()
            + ": it is there for "
            + index.manifests().stream()
                .flatMap(d -> d.platform().stream())
                .map(Platform::toString)
                .distinct()
                // an index may name very many
                .limit(MOST_SHOWN)
                .toList());
  }
}
