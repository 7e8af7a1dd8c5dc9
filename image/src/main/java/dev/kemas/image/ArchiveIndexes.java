package dev.kemas.image;

import dev.kemas.metadata.Lease;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Index;
import dev.kemas.oci.Json;
import dev.kemas.oci.Manifest;
import dev.kemas.oci.MediaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lists of an archive that stay lists here: those of one image and what is said of it, all of it in
 * the archive. Of several platforms only one image is loaded, so no list of them could be whole.
 */
final class ArchiveIndexes {
  private final Images images;
  private final ArchiveContent content;

  ArchiveIndexes(Images images, ArchiveContent content) {
    this.images = images;
    this.content = content;
  }

  /** A list with the bytes that its digest is of. */
  record Raw(Descriptor descriptor, Document document) {}

  /** Keeps a list of this image; empty when it is not one that can be kept. */
  Optional<ImageIndex> keep(Lease lease, Raw raw, StoredImage image) {
    Index index = Json.read(raw.document().bytes(), Index.class, "image index");
    List<Descriptor> said = index.manifests().stream().filter(Attestations::isOne).toList();
    List<Descriptor> others =
        index.manifests().stream().filter(d -> !Attestations.isOne(d)).toList();
    if (said.isEmpty()
        || others.size() != 1
        || others.getFirst().platform().isEmpty()
        || !others.getFirst().digest().equals(image.manifest().digest())) {
      return Optional.empty();
    }
    List<ImageIndex.Attested> attested = new ArrayList<>();
    for (Descriptor one : said) {
      Optional<ImageIndex.Attested> kept = keep(lease, one, image.manifest().digest());
      if (kept.isEmpty()) {
        return Optional.empty();
      }
      attested.add(kept.get());
    }
    images.put(lease, raw.descriptor().mediaType(), raw.document().bytes());
    ImageIndex.Part part = new ImageIndex.Part(image.id(), others.getFirst());
    return Optional.of(new ImageIndex(raw.descriptor(), List.of(part), attested, false));
  }

  private Optional<ImageIndex.Attested> keep(Lease lease, Descriptor said, Digest subject) {
    Optional<byte[]> bytes = content.findDocument(ArchiveContent.blobName(said.digest()));
    if (bytes.isEmpty() || !MediaType.isManifest(said.mediaType())) {
      return Optional.empty();
    }
    Manifest manifest = Json.read(bytes.get(), Manifest.class, "image manifest");
    if (manifest.config() == null) {
      return Optional.empty();
    }
    List<Descriptor> blobs = new ArrayList<>(List.of(manifest.config()));
    blobs.addAll(manifest.layers());
    for (Descriptor blob : blobs) {
      Optional<byte[]> document = content.findDocument(ArchiveContent.blobName(blob.digest()));
      if (document.isEmpty()) {
        return Optional.empty();
      }
      images.put(lease, blob.mediaType(), document.get());
    }
    images.put(lease, said.mediaType(), bytes.get());
    return Optional.of(new ImageIndex.Attested(subject, said, blobs));
  }
}
