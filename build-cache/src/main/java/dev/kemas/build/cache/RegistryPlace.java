package dev.kemas.build.cache;

import dev.kemas.build.BuildRequest;
import dev.kemas.content.BlobReader;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Reference;
import dev.kemas.registry.client.Access;
import dev.kemas.registry.client.RegistryClient;
import dev.kemas.registry.client.RemoteManifest;
import dev.kemas.registry.client.Repository;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A tag of a registry. */
record RegistryPlace(RegistryClient registries, Reference reference) implements CachePlace {
  /** distribution-spec, "Pulling manifests". */
  private static final int MOST_TAG = 128;

  @Override
  public String name() {
    return reference.toString();
  }

  /** The tag with the name; one that gets too long is told from others by a digest of itself. */
  @Override
  public Optional<CachePlace> beside(String name) {
    String tag = reference.tag().orElse("latest");
    String longer = tag + "-" + name;
    if (longer.length() > MOST_TAG) {
      String digits = Digest.of(tag.getBytes(StandardCharsets.UTF_8)).shortHex();
      longer = tag.substring(0, MOST_TAG - name.length() - 14) + "-" + digits + "-" + name;
    }
    return Optional.of(
        new RegistryPlace(
            registries,
            new Reference(
                reference.domain(), reference.path(), Optional.of(longer), Optional.empty())));
  }

  @Override
  public CachePlace.Opened open(BuildRequest.Logins logins, boolean writing) {
    Repository repository =
        writing
            ? registries.repository(reference, logins.find(reference.domain()), Access.PUSH)
            : registries.repository(reference, logins.find(reference.domain()));
    return new CachePlace.Opened() {
      @Override
      public Found manifest() {
        RemoteManifest manifest = repository.manifest(reference);
        return new Found(manifest.descriptor().mediaType(), manifest.bytes());
      }

      @Override
      public InputStream blob(Descriptor blob) {
        return repository.blob(blob, 0).stream();
      }

      @Override
      public boolean has(Descriptor blob) {
        return repository.has(blob.digest());
      }

      @Override
      public void put(Descriptor blob, Supplier<BlobReader> content) {
        if (!repository.has(blob.digest())) {
          try (BlobReader reader = content.get()) {
            repository.send(blob, reader, List.of(), sent -> {});
          }
        }
      }

      @Override
      public void put(Descriptor manifest, byte[] bytes) {
        repository.put(reference, manifest, bytes);
      }
    };
  }
}
