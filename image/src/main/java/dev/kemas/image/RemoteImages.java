package dev.kemas.image;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.ImageConfig;
import dev.kemas.oci.Index;
import dev.kemas.oci.Json;
import dev.kemas.oci.Manifest;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import dev.kemas.registry.client.RegistryClient;
import dev.kemas.registry.client.RegistryLogin;
import dev.kemas.registry.client.RemoteBlob;
import dev.kemas.registry.client.RemoteManifest;
import dev.kemas.registry.client.Repository;
import dev.kemas.registry.client.SearchResult;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What registries have, asked without getting it. Thread-safe. */
public final class RemoteImages {
  private final RegistryClient registries;

  RemoteImages(RegistryClient registries) {
    this.registries = registries;
  }

  /**
   * What lies under a name.
   *
   * @param descriptor of the manifest or index
   * @param platforms that it is there for
   */
  public record Found(Descriptor descriptor, List<Platform> platforms) {}

  /**
   * Looks a name up; what is no image is for no platform.
   *
   * @throws Fault.NotFound when the registry has no such image, or does not show it to who asks
   * @throws Fault.Unavailable when it cannot be reached
   */
  public Found inspect(Reference name, RegistryLogin login) {
    Reference wanted = name.withDefaultTag();
    Repository repository = registries.repository(wanted, login);
    RemoteManifest named = repository.manifest(wanted);
    if (MediaType.isIndex(named.descriptor().mediaType())) {
      Index index = Json.read(named.bytes(), Index.class, "image index");
      return new Found(
          named.descriptor(),
          index.manifests().stream().flatMap(d -> d.platform().stream()).toList());
    }
    Manifest manifest = PullPlan.manifest(named, wanted);
    if (!Preflight.isImage(manifest)) {
      return new Found(named.descriptor(), List.of());
    }
    byte[] json = document(repository, manifest.config(), wanted, "configuration");
    ImageConfig config = Json.read(json, ImageConfig.class, "image configuration");
    return new Found(named.descriptor(), List.of(config.platform()));
  }

  /**
   * A small blob, verified.
   *
   * @param what it is: {@code configuration}
   * @throws Fault.DataLoss when the bytes are others than its descriptor says
   */
  static byte[] document(Repository repository, Descriptor wanted, Reference name, String what) {
    byte[] json;
    try (RemoteBlob remote = repository.blob(wanted.digest(), 0)) {
      json = remote.stream().readNBytes(Catalog.MAX_DOCUMENT + 1);
    } catch (IOException e) {
      throw new Fault.Unavailable(
          "registry " + name.domain() + " breaks off in a " + what + ": " + e.getMessage(), e);
    }
    if (json.length > Catalog.MAX_DOCUMENT || json.length != wanted.size()) {
      throw new Fault.DataLoss(
          "the "
              + what
              + " of "
              + name.familiar()
              + " has "
              + json.length
              + " bytes, its manifest says "
              + wanted.size());
    }
    if (!Digest.of(json).equals(wanted.digest())) {
      throw new Fault.DataLoss(
          "the "
              + what
              + " of "
              + name.familiar()
              + " has the digest "
              + Digest.of(json)
              + ", its manifest says "
              + wanted.digest());
    }
    return json;
  }

  /** See {@link RegistryClient#login}. */
  public Optional<String> login(String server, RegistryLogin login) {
    return registries.login(server, login);
  }

  /** See {@link RegistryClient#search}. */
  public List<SearchResult> search(String term, int limit, RegistryLogin login) {
    return registries.search(term, limit, login);
  }
}
