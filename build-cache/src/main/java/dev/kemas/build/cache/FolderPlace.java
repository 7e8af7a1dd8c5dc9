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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A name in a folder of OCI's layout (image-spec, image-layout.md); a file is there whole or not at
 * all, and other names stay.
 */
record FolderPlace(Path folder, String tag) implements CachePlace {
  private static final String MAIN = "latest";
  private static final String TAG = "org.opencontainers.image.ref.name";

  /** One at a time: a name is added to those that are there. */
  private static final Object NAMING = new Object();

  /** Its cache. */
  FolderPlace(Path folder) {
    this(folder, MAIN);
  }

  @Override
  public String name() {
    return folder.toString();
  }

  @Override
  public Optional<CachePlace> beside(String name) {
    return Optional.of(new FolderPlace(folder, name));
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
        return isThere(blob);
      }

      @Override
      public void put(Descriptor blob, Supplier<BlobReader> content) throws IOException {
        if (!isThere(blob)) {
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
        synchronized (NAMING) {
          List<Descriptor> all = new ArrayList<>(others());
          all.add(manifest.withAnnotation(TAG, tag));
          write(folder.resolve("index.json"), Json.write(Index.oci(all)));
        }
      }
    };
  }

  /** Whether a blob is there and not cut off, as after a crash of the machine. */
  private boolean isThere(Descriptor blob) {
    try {
      return Files.size(path(blob.digest())) == blob.size();
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot look into " + folder + ": " + e.getMessage(), e);
    }
  }

  private List<Descriptor> named() throws IOException {
    Path file = folder.resolve("index.json");
    return Json.read(Files.readString(file), Index.class, "the index of " + folder).manifests();
  }

  /** What has other names; of an index that nobody can read nothing is kept. */
  private List<Descriptor> others() throws IOException {
    try {
      return named().stream().filter(one -> !isOurs(one)).toList();
    } catch (NoSuchFileException | Fault.InvalidArgument e) {
      return List.of();
    }
  }

  /** The cache's own manifest may have any name, or none: others write such folders, too. */
  private boolean isOurs(Descriptor manifest) {
    String name = manifest.annotations().getOrDefault(TAG, "");
    return tag.equals(MAIN) ? !name.startsWith("mount-") : name.equals(tag);
  }

  private Found manifest() {
    Path file = folder.resolve("index.json");
    try {
      List<Descriptor> ours = named().stream().filter(this::isOurs).toList();
      if (ours.isEmpty()) {
        throw new Fault.NotFound("cache", name(), "no build cache in " + folder);
      }
      Descriptor manifest = ours.getLast();
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
