package dev.kemas.build.cache;

import dev.kemas.build.BuildRequest;
import dev.kemas.content.BlobReader;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Index;
import dev.kemas.oci.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Supplier;

/** A folder in OCI's layout (image-spec, image-layout.md); a file is there whole or not at all. */
record FolderPlace(Path folder) implements CachePlace {
  private static final String TAG = "org.opencontainers.image.ref.name";

  @Override
  public String name() {
    return folder.toString();
  }

  @Override
  public Opened open(BuildRequest.Logins logins, boolean writing) {
    return new Opened() {
      @Override
      public Found manifest() {
        return FolderPlace.this.manifest();
      }

      @Override
      public InputStream blob(Descriptor blob) throws IOException {
        return Files.newInputStream(path(blob.digest()));
      }

      @Override
      public boolean has(Descriptor blob) {
        return Files.exists(path(blob.digest()));
      }

      @Override
      public void put(Descriptor blob, Supplier<BlobReader> content) throws IOException {
        if (!Files.exists(path(blob.digest()))) {
          try (BlobReader reader = content.get();
              InputStream in = reader.stream()) {
            write(path(blob.digest()), in);
          }
        }
      }

      @Override
      public void put(Descriptor manifest, byte[] bytes) throws IOException {
        write(path(manifest.digest()), bytes);
        write(
            folder.resolve("oci-layout"),
            "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
        Index index = Index.oci(List.of(manifest.withAnnotation(TAG, "latest")));
        write(folder.resolve("index.json"), Json.write(index));
      }
    };
  }

  private Found manifest() {
    Path file = folder.resolve("index.json");
    try {
      Index index = Json.read(Files.readString(file), Index.class, "the index of " + folder);
      if (index.manifests().isEmpty()) {
        throw new Fault.NotFound("cache", name(), "no build cache in " + folder);
      }
      Descriptor manifest = index.manifests().getLast();
      byte[] bytes = Files.readAllBytes(path(manifest.digest()));
      if (!Digest.of(bytes).equals(manifest.digest())) {
        throw new Fault.DataLoss("the manifest in " + folder + " is not what its digest says");
      }
      return new Found(manifest.mediaType(), bytes);
    } catch (NoSuchFileException e) {
      throw new Fault.NotFound("cache", name(), "no build cache in " + folder, e);
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private Path path(Digest digest) {
    return folder.resolve("blobs").resolve(digest.algorithm()).resolve(digest.hex());
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    write(file, new java.io.ByteArrayInputStream(bytes));
  }

  private static void write(Path file, InputStream in) throws IOException {
    Path parent = Files.createDirectories(file.toAbsolutePath().getParent());
    Path fresh = Files.createTempFile(parent, ".new", "");
    try {
      Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}
