package dev.kemas.daemon.buildkit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.build.Cancellation;
import dev.kemas.build.NamedContext;
import dev.kemas.build.TaskProgress;
import dev.kemas.fault.Fault;
import dev.kemas.image.Image;
import dev.kemas.image.ImageService;
import dev.kemas.image.Progress;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Index;
import dev.kemas.oci.Json;
import dev.kemas.oci.Manifest;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.Platform;
import dev.kemas.session.ClientContent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * An image in a store of the client's. What of it is here already does not travel again; what comes
 * is taken in as an archive is, which looks at every digest.
 */
final class LayoutImage implements NamedContext.Origin {
  private static final int MOST_DOCUMENT = 16 << 20;
  private static final int MOST_DEPTH = 4;

  private final ClientContent content;
  private final Digest digest;
  private final ImageService images;

  /**
   * @param digest of the manifest, or of an index of several
   */
  LayoutImage(ClientContent content, Digest digest, ImageService images) {
    this.content = content;
    this.digest = digest;
    this.images = images;
  }

  /** A manifest with the bytes that its digest is of. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Found(Descriptor descriptor, Manifest manifest, byte[] bytes) {}

  @Override
  public Image fetch(Platform platform, TaskProgress progress, Cancellation cancelled) {
    Thread reader = Thread.currentThread();
    try (Cancellation.Registration _ = cancelled.onCancel(reader::interrupt)) {
      cancelled.check();
      Found found = find(digest, platform, 0);
      Optional<Image> here = here(found.manifest().config().digest());
      return here.isPresent() ? here.get() : load(found, platform, progress);
    } catch (IOException e) {
      cancelled.check();
      throw new Fault.Unavailable(
          "image %s does not come from the client: %s".formatted(digest, e.getMessage()), e);
    }
  }

  private Optional<Image> here(Digest id) {
    try {
      Image image = images.images().get(id.toString());
      images.images().used(image.id());
      return Optional.of(image);
    } catch (Fault.NotFound e) {
      return Optional.empty();
    }
  }

  private Image load(Found found, Platform platform, TaskProgress progress) throws IOException {
    Progress words =
        event -> {
          // what an archive's loader says is of names, and there are none
        };
    try (InputStream archive =
        LayoutArchive.of(content, found.descriptor(), found.bytes(), found.manifest(), progress)) {
      return images.loader().load(archive, Optional.of(platform), words).images().getFirst();
    }
  }

  private Found find(Digest wanted, Platform platform, int depth) throws IOException {
    byte[] bytes = document(wanted);
    String text = new String(bytes, StandardCharsets.UTF_8);
    JsonNode tree = Json.mapper().readTree(bytes);
    if (!tree.has("manifests")) {
      String type = tree.path("mediaType").asText(MediaType.OCI_MANIFEST);
      Manifest manifest = Json.read(text, Manifest.class, "the manifest " + wanted);
      return new Found(Descriptor.of(type, wanted, bytes.length), manifest, bytes);
    }
    if (depth == MOST_DEPTH) {
      throw new Fault.InvalidArgument("the indexes of image " + digest + " are nested too deep");
    }
    Descriptor chosen =
        Json.read(text, Index.class, "the index " + wanted).manifests().stream()
            .filter(one -> one.platform().map(platform::accepts).orElse(true))
            .findFirst()
            .orElseThrow(() ->
                new Fault.NotFound(
                    "image",
                    digest.toString(),
                    "image %s has nothing for %s".formatted(digest, platform)));
    return find(chosen.digest(), platform, depth + 1);
  }

  private byte[] document(Digest wanted) throws IOException {
    try (InputStream in = content.open(wanted)) {
      byte[] bytes = in.readNBytes(MOST_DOCUMENT);
      if (!Digest.of(bytes).equals(wanted)) {
        throw new Fault.DataLoss("what the client sends as %s is another one".formatted(wanted));
      }
      return bytes;
    }
  }
}
