package dev.kemas.cli.manifest;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Index;
import dev.kemas.oci.Json;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What the commands do with lists. Each says what Docker's command says. */
final class Lists {
  private final ListStore store;
  private final Registries registries;
  private final Consumer<String> out;

  Lists(ListStore store, Registries registries, Consumer<String> out) {
    this.store = store;
    this.registries = registries;
    this.out = out;
  }

  private static Reference name(String text) {
    return Reference.parse(text).withDefaultTag();
  }

  /** Makes a list of images that are in a registry, or adds to one. */
  void create(String listName, List<String> images, boolean amend) {
    Reference list = name(listName);
    if (store.has(list) && !amend) {
      throw new Fault.Conflict("refusing to amend an existing manifest list with no --amend flag");
    }
    List<Entry> entries = new ArrayList<>();
    for (String image : images) {
      entries.add(one(name(image)));
    }
    entries.forEach(entry -> store.put(list, entry));
    out.accept("Created manifest list " + list.familiar());
  }

  private Entry one(Reference image) {
    return switch (registries.find(image, false)) {
      case Registries.Found.One found -> found.entry();
      case Registries.Found.AList _ ->
          throw new Fault.InvalidArgument(
              image.familiar()
                  + " is a manifest list: name one of its images by digest, see kemas manifest"
                  + " inspect "
                  + image.familiar());
    };
  }

  /** What is said of an image's platform in place of what its configuration says. */
  record Annotation(
      String architecture, String os, String variant, String osVersion, List<String> osFeatures) {
    Platform over(Optional<Platform> known) {
      Platform before = known.orElseGet(() -> Platform.of("", ""));
      return new Platform(
          architecture.isEmpty() ? before.architecture() : architecture,
          os.isEmpty() ? before.os() : os,
          variant.isEmpty() ? before.variant() : Optional.of(variant),
          osVersion.isEmpty() ? before.osVersion() : Optional.of(osVersion),
          osFeatures.isEmpty() ? before.osFeatures() : osFeatures);
    }
  }

  /** Says of an image of a list what platform it is for. */
  void annotate(String listName, String imageName, Annotation annotation) {
    Reference list = name(listName);
    Reference image = name(imageName);
    Entry entry =
        store
            .entry(list, image)
            .orElseThrow(() ->
                new Fault.NotFound(
                    "manifest",
                    image.toString(),
                    "manifest for image "
                        + image.familiar()
                        + " does not exist in "
                        + list.familiar()));
    Platform platform = annotation.over(entry.descriptor().platform());
    if (platform.os().isEmpty() || platform.architecture().isEmpty()) {
      throw new Fault.InvalidArgument(
          "an image needs an operating system and an architecture: give --os and --arch");
    }
    store.put(list, entry.withPlatform(platform));
  }

  /** Shows a list of here, an image of it, or what a registry has. */
  void inspect(List<String> names, boolean verbose) {
    Reference wanted = name(names.getLast());
    if (names.size() > 1) {
      Reference list = name(names.getFirst());
      Optional<Entry> entry = store.entry(list, wanted);
      if (entry.isEmpty() && !store.has(list)) {
        throw ListStore.missing(list);
      }
      show(entry.orElseThrow(() -> ListStore.missing(wanted)), verbose);
      return;
    }
    if (store.has(wanted)) {
      List<Entry> entries = store.entries(wanted);
      if (verbose) {
        print(entries, "\t");
      } else {
        print(index(wanted, entries), "   ");
      }
      return;
    }
    switch (registries.find(wanted, verbose)) {
      case Registries.Found.One found -> show(found.entry(), verbose);
      case Registries.Found.AList found -> {
        if (verbose) {
          print(found.entries(), "\t");
        } else {
          print(found.index(), "   ");
        }
      }
    }
  }

  private void show(Entry entry, boolean verbose) {
    if (verbose) {
      print(entry, "\t");
    } else {
      print(Json.read(entry.bytes(), JsonNode.class, "image manifest"), "\t");
    }
  }

  /** OCI where all images are; else Docker's, which takes both. */
  private static Index index(Reference list, List<Entry> entries) {
    List<Descriptor> descriptors = entries.stream().map(Entry::descriptor).toList();
    for (Entry entry : entries) {
      Optional<Platform> platform = entry.descriptor().platform();
      if (platform.isEmpty() || platform.get().os().isEmpty()) {
        throw new Fault.InvalidArgument(
            "manifest "
                + entry.ref()
                + " must have an OS and Architecture to be pushed to a registry: say so by kemas"
                + " manifest annotate --os OS --arch ARCHITECTURE "
                + list.familiar()
                + " "
                + entry.ref());
      }
    }
    boolean isOci =
        descriptors.stream().allMatch(d -> d.mediaType().equals(MediaType.OCI_MANIFEST));
    return new Index(
        2,
        Optional.of(isOci ? MediaType.OCI_INDEX : MediaType.DOCKER_INDEX),
        Optional.empty(),
        descriptors,
        Optional.empty(),
        Map.of());
  }

  /** Pushes a list and what of its images is not in its repository yet. */
  void push(String listName, boolean purge) {
    Reference list = name(listName);
    List<Entry> entries = store.entries(list);
    if (entries.isEmpty()) {
      throw ListStore.missing(list);
    }
    for (Entry entry : entries) {
      if (!entry.name().domain().equals(list.domain())) {
        throw new Fault.InvalidArgument(
            "cannot use source images from a different registry than the target image: "
                + entry.name().domain()
                + " != "
                + list.domain());
      }
    }
    Index index = index(list, entries);
    for (Entry entry : entries) {
      Reference there = registries.copy(entry, list);
      out.accept("Pushed ref " + there.familiar() + " with digest: " + entry.descriptor().digest());
    }
    byte[] json = Json.write(index);
    Descriptor descriptor =
        Descriptor.of(index.mediaType().orElse(MediaType.OCI_INDEX), Digest.of(json), json.length);
    out.accept(registries.push(list, descriptor, json).toString());
    if (purge) {
      store.remove(list);
    }
  }

  /** Removes lists of here; those of registries stay. Goes on after one that is not there. */
  void remove(List<String> listNames) {
    List<String> failures = new ArrayList<>();
    for (String listName : listNames) {
      try {
        store.remove(name(listName));
      } catch (Fault.NotFound | Fault.InvalidArgument e) {
        failures.add(e.getMessage());
      }
    }
    if (!failures.isEmpty()) {
      throw new Fault.NotFound("manifest list", "", String.join("\n", failures));
    }
  }

  private void print(Object value, String indent) {
    DefaultIndenter lines = new DefaultIndenter(indent, "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter(
            Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER));
    printer.indentObjectsWith(lines);
    printer.indentArraysWith(lines);
    try {
      out.accept(Json.mapper().writer(printer).writeValueAsString(value));
    } catch (IOException e) {
      throw new Fault.Internal("cannot write JSON: " + e.getMessage(), e);
    }
  }
}
