package dev.kemas.image;

import dev.kemas.archive.Compression;
import dev.kemas.archive.Limits;
import dev.kemas.archive.TarRecipe;
import dev.kemas.content.BlobInfo;
import dev.kemas.content.BlobReader;
import dev.kemas.content.BlobStore;
import dev.kemas.content.Ingest;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Reference;
import dev.kemas.registry.client.RegistryClient;
import dev.kemas.registry.client.RegistryLogin;
import dev.kemas.registry.client.RemoteBlob;
import dev.kemas.snapshot.Changes;
import dev.kemas.snapshot.SnapshotName;
import dev.kemas.snapshot.Snapshotter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The blobs of layers, also those that were dropped after they were unpacked: one is made again of
 * the unpacked layer, or got from the registry that it came from. What comes is compared with its
 * digest like everything else, so it is the same blob or none. Thread-safe.
 */
final class LayerBlobs {
  private static final Logger LOG = LoggerFactory.getLogger(LayerBlobs.class);

  private final BlobStore blobs;
  private final Snapshotter snapshots;
  private final Catalog catalog;
  private final LayerRecipes recipes;
  private final RegistryClient registries;
  private final SingleFlight<Digest, BlobInfo> restoring = new SingleFlight<>();

  LayerBlobs(
      BlobStore blobs,
      Snapshotter snapshots,
      Catalog catalog,
      LayerRecipes recipes,
      RegistryClient registries) {
    this.recipes = recipes;
    this.blobs = blobs;
    this.snapshots = snapshots;
    this.catalog = catalog;
    this.registries = registries;
  }

  /** Whether a blob is here, or can be made, or was dropped on purpose and can come back. */
  boolean has(Digest blob) {
    return blobs.stat(blob).isPresent()
        || recipes.of(blob).isPresent()
        || catalog.dropped(blob).isPresent();
  }

  /** Who is asked for what cannot be made here. */
  record Asking(Optional<String> domain, RegistryLogin login) {
    /** Nobody is known anywhere. */
    static final Asking ANYBODY = new Asking(Optional.empty(), RegistryLogin.ANONYMOUS);

    /** What is shown to the registry that somebody logged in at is shown to no other. */
    RegistryLogin at(Reference name) {
      return domain.equals(Optional.of(name.domain())) ? login : RegistryLogin.ANONYMOUS;
    }
  }

  /**
   * Makes sure that a layer's blob is here, and stays for as long as the hold.
   *
   * @throws Fault.DataLoss when it is gone and cannot come back; the message says what helps
   */
  void restore(Hold hold, Descriptor blob, Asking asking) throws IOException {
    hold.keepBlob(blob.digest());
    restoring.run(
        blob.digest(),
        () -> {
          Optional<BlobInfo> here = blobs.stat(blob.digest());
          return here.isPresent() ? here.get() : bring(blob, asking);
        });
  }

  /**
   * Writes a plain layer's archive to a stream, which is neither flushed nor closed; where only its
   * recipe is kept, the archive is not kept for that either.
   *
   * @throws Fault.DataLoss as {@link #restore}, also at the end when it is another archive
   */
  void write(Hold hold, Descriptor blob, OutputStream out) throws IOException {
    hold.keepBlob(blob.digest());
    Optional<LayerRecipe> told =
        blobs.stat(blob.digest()).isPresent() ? Optional.empty() : recipes.of(blob.digest());
    if (told.isEmpty()) {
      restore(hold, blob, Asking.ANYBODY);
      try (BlobReader plain = blobs.open(blob.digest());
          InputStream in = plain.stream()) {
        in.transferTo(out);
      }
      return;
    }
    hold.keepSnapshot(told.get().chainId());
    MessageDigest hash = Digest.sha256Hasher();
    DigestOutputStream hashed = new DigestOutputStream(out, hash);
    try (BlobReader how = blobs.open(told.get().recipe())) {
      TarRecipe.assemble(how.stream(), folder(told.get().chainId()), hashed);
    }
    Digest made = Digest.sha256(hash.digest());
    if (!made.equals(blob.digest())) {
      throw new Fault.DataLoss(
          "the files of layer %s were changed: its archive is %s now, so build it again"
              .formatted(blob.digest(), made));
    }
  }

  /** A blob that comes back only when its first byte is asked for. */
  BlobReader lazily(Hold hold, Descriptor blob, Asking asking) {
    hold.keepBlob(blob.digest());
    return new LazyBlob(
        blob.size(),
        () -> {
          try {
            restore(hold, blob, asking);
          } catch (IOException e) {
            throw new Fault.Unavailable(
                "cannot get blob " + blob.digest() + " back: " + e.getMessage(), e);
          }
          return blobs.open(blob.digest());
        });
  }

  private BlobInfo bring(Descriptor blob, Asking asking) throws IOException {
    Optional<LayerRecipe> told = recipes.of(blob.digest());
    if (told.isPresent()) {
      return make(blob, told.get().chainId(), told.get().recipe());
    }
    Optional<DroppedBlob> dropped = catalog.dropped(blob.digest());
    Optional<Digest> recipe = dropped.flatMap(DroppedBlob::recipe);
    String why = "it was not dropped on purpose";
    if (recipe.isPresent()) {
      try {
        return make(blob, dropped.get().chainId(), recipe.get());
      } catch (Fault.DataLoss | Fault.NotFound e) {
        why = e.getMessage(); // the registry may still have it
      }
    } else if (dropped.isPresent()) {
      why = "another program compressed it";
    }
    List<Reference> sources = catalog.sourcesOf(blob.digest());
    for (Reference source : sources) {
      try {
        return fetch(blob, source, asking.at(source));
      } catch (Fault.NotFound | Fault.Unauthenticated | Fault.Forbidden | Fault.Unavailable e) {
        why = e.getMessage();
      }
    }
    throw new Fault.DataLoss(
        "the compressed form of layer "
            + blob.digest()
            + " is not here any more and cannot be made again ("
            + why
            + "): remove the image and get it again with content.keep-compressed=true"
            + (sources.isEmpty() ? "" : ", from " + sources.getFirst().familiar()));
  }

  private BlobInfo make(Descriptor blob, Digest chainId, Digest recipe) throws IOException {
    Compression compression = compression(blob);
    Ingest ingest = blobs.ingest();
    try {
      try (BlobReader how = blobs.open(recipe);
          OutputStream out = compression.compress(new IngestStream(ingest))) {
        TarRecipe.assemble(how.stream(), folder(chainId), out);
      }
      return ingest.commit(blob.size(), blob.digest());
    } finally {
      ingest.abort();
    }
  }

  private BlobInfo fetch(Descriptor blob, Reference source, RegistryLogin login)
      throws IOException {
    Ingest ingest = blobs.ingest();
    try (RemoteBlob remote = registries.repository(source, login).blob(blob.digest(), 0);
        InputStream in = new Bounded(remote.stream(), blob.size())) {
      ingest.writeFrom(in);
      return ingest.commit(OptionalLong.of(blob.size()), blob.digest());
    } finally {
      ingest.abort();
    }
  }

  /** Whether a registry that an image with this blob came from shows it to anybody now. */
  boolean isElsewhere(Digest blob) {
    for (Reference source : catalog.sourcesOf(blob)) {
      try {
        if (registries.repository(source, RegistryLogin.ANONYMOUS).has(blob)) {
          return true;
        }
      } catch (Fault.NotFound
          | Fault.Unauthenticated
          | Fault.Forbidden
          | Fault.Unavailable
          | Fault.ResourceExhausted e) {
        LOG.debug("{} does not say that it has {}: {}", source.domain(), blob, e.getMessage());
      }
    }
    return false;
  }

  /** How a layer's blob is compressed, by its type (image-spec, layer.md, "Media Types"). */
  static Compression compression(Descriptor blob) {
    String type = String.valueOf(blob.mediaType());
    if (type.endsWith("gzip")) {
      return Compression.GZIP;
    }
    return type.endsWith("zstd") ? Compression.ZSTD : Compression.NONE;
  }

  /** Where a layer is unpacked. */
  Path folder(Digest chainId) {
    return switch (snapshots.changes(SnapshotName.of(chainId))) {
      case Changes.OverlayUpper upper -> upper.upper();
      case Changes.Trees trees -> trees.upper();
    };
  }

  /** The plain archive in a blob. */
  static InputStream plain(BlobReader blob) throws IOException {
    return Compression.open(blob.stream(), Limits.none()).stream();
  }

  /** A stream that is refused once it is longer than was said. */
  static final class Bounded extends java.io.FilterInputStream {
    private long left;

    Bounded(InputStream in, long most) {
      super(in);
      this.left = most;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int n = in.read(bytes, from, length);
      left -= Math.max(0, n);
      if (left < 0) {
        throw new IOException("the registry sends more bytes than the layer has");
      }
      return n;
    }
  }
}
