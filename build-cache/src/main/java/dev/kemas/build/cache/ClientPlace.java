package dev.kemas.build.cache;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.build.BuildRequest;
import dev.kemas.content.BlobReader;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.oci.MediaType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A folder of the client's in OCI's layout. Its index is the client's own affair: which manifest is
 * meant it says beforehand, and which was made it is told.
 *
 * @param name of the folder
 * @param wanted the manifest to read; empty to write alone
 */
record ClientPlace(String name, BlobPlace blobs, Optional<Digest> wanted) implements CachePlace {
  private static final int MOST_BYTES = 16 << 20;

  @Override
  public Map<String, String> told(Descriptor manifest) {
    return Map.of("cache.manifest", Json.text(manifest));
  }

  @Override
  public CachePlace.Opened open(BuildRequest.Logins logins, boolean writing) {
    return new CachePlace.Opened() {
      @Override
      public Found manifest() {
        return ClientPlace.this.manifest();
      }

      @Override
      public InputStream blob(Descriptor blob) throws IOException {
        return blobs.open(blob.digest());
      }

      @Override
      public boolean has(Descriptor blob) {
        return blobs.size(blob.digest()).isPresent();
      }

      @Override
      public void put(Descriptor blob, Supplier<BlobReader> content) throws IOException {
        if (!has(blob)) {
          try (BlobReader reader = content.get();
              InputStream in = reader.stream()) {
            blobs.put(blob.digest(), blob.size(), in);
          }
        }
      }

      @Override
      public void put(Descriptor manifest, byte[] bytes) throws IOException {
        blobs.put(manifest.digest(), bytes.length, new ByteArrayInputStream(bytes));
      }
    };
  }

  private Found manifest() {
    Digest digest =
        wanted.orElseThrow(() -> new Fault.NotFound("cache", name, "no build cache in " + name));
    try (InputStream in = blobs.open(digest)) {
      byte[] bytes = in.readNBytes(MOST_BYTES);
      if (!Digest.of(bytes).equals(digest)) {
        throw new Fault.DataLoss("the manifest in " + name + " is not what its digest says");
      }
      JsonNode tree = Json.mapper().readTree(bytes);
      String made = tree.has("manifests") ? MediaType.OCI_INDEX : MediaType.OCI_MANIFEST;
      return new Found(tree.path("mediaType").asText(made), bytes);
    } catch (IOException e) {
      throw new Fault.Unavailable(
          "cannot read the build cache in %s: %s".formatted(name, e.getMessage()), e);
    }
  }
}
