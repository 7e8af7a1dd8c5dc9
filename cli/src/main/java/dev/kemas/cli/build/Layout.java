package dev.kemas.cli.build;

import dev.kemas.api.client.Json;
import dev.kemas.cli.command.Exit;
import dev.kemas.flag.Flags;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * The index of a folder in OCI's layout (image-spec, image-layout.md): what its tags mean.
 *
 * @param folder absolute
 */
record Layout(Path folder) {
  private static final String TAG = "org.opencontainers.image.ref.name";

  /** What is named in a folder, by its digest. */
  record Named(Path folder, String digest) {}

  /**
   * Reads {@code FOLDER[:TAG][@DIGEST]}; the tag {@code latest} is meant where there is none.
   *
   * @param word for the message
   */
  static Named named(Flags flags, String word, String text) {
    int at = text.lastIndexOf('@');
    String place = at < 0 ? text : text.substring(0, at);
    int colon = place.lastIndexOf(':');
    String tag = colon < 0 ? "latest" : place.substring(colon + 1);
    String name = colon < 0 ? place : place.substring(0, colon);
    Layout layout = new Layout(Path.of(name).toAbsolutePath().normalize());
    Optional<String> digest = at < 0 ? layout.digest(tag) : Optional.of(text.substring(at + 1));
    return digest
        .map(found -> new Named(layout.folder(), found))
        .orElseThrow(() ->
            flags.invalid(
                "build-context",
                word,
                "%s has no image of the tag %s: see its index.json"
                    .formatted(layout.folder(), tag)));
  }

  /** The digest that a tag stands for. */
  Optional<String> digest(String tag) {
    return entries().stream()
        .filter(entry -> entry.get("annotations").text(TAG).equals(tag))
        .map(entry -> entry.text("digest"))
        .findFirst();
  }

  private List<Json> entries() {
    try {
      String text = Files.readString(folder.resolve("index.json"), StandardCharsets.UTF_8);
      return Json.parse(text).get("manifests").items();
    } catch (NoSuchFileException none) {
      return List.of();
    } catch (IOException e) {
      throw new Exit(1, "cannot read the index of " + folder + ": " + e, e);
    }
  }

  /** Has a tag stand for a manifest; the other tags stay. */
  void tag(String tag, Json manifest) {
    Json.Arr manifests = new Json.Arr();
    entries().stream()
        .filter(entry -> !entry.get("annotations").text(TAG).equals(tag))
        .forEach(manifests::add);
    manifests.add(
        Json.object()
            .put("mediaType", manifest.text("mediaType"))
            .put("digest", manifest.text("digest"))
            .put("size", manifest.get("size").number())
            .put("annotations", Json.object().put(TAG, tag)));
    Json.Obj index =
        Json.object()
            .put("schemaVersion", 2)
            .put("mediaType", "application/vnd.oci.image.index.v1+json")
            .put("manifests", manifests);
    try {
      write("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
      write("index.json", index.write());
    } catch (IOException e) {
      throw new Exit(1, "cannot write the index of " + folder + ": " + e, e);
    }
  }

  private void write(String name, String text) throws IOException {
    Path fresh = Files.createTempFile(folder, ".new", "");
    try {
      Files.writeString(fresh, text, StandardCharsets.UTF_8);
      Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}
