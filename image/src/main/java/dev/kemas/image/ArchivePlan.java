package dev.kemas.image;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Index;
import dev.kemas.oci.Json;
import dev.kemas.oci.Manifest;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which images an archive holds, read from its documents alone: {@code manifest.json} of {@code
 * docker save}, or the index of an OCI layout (image-spec, image-layout.md).
 */
final class ArchivePlan {
  private static final String DOCKER = "manifest.json";
  private static final String OCI = "index.json";
  private static final String CONTAINERD_NAME = "io.containerd.image.name";
  private static final String REF_NAME = "org.opencontainers.image.ref.name";
  private static final int MAX_DEPTH = 4;

  /**
   * One image of the archive.
   *
   * @param config its configuration, to the byte
   * @param manifest its manifest, where the archive has one
   * @param layers names of the layers' files, lowest first
   * @param lists what names stand for in the archive where that is no image alone
   */
  record Planned(
      Document config,
      Optional<RawManifest> manifest,
      List<String> layers,
      List<Reference> tags,
      Map<Reference, ArchiveIndexes.Raw> lists) {}

  /** A manifest with the bytes that its digest is of. */
  record RawManifest(Descriptor descriptor, Manifest manifest, Document document) {}

  private final ArchiveContent content;
  private final Optional<Platform> platform;

  private ArchivePlan(ArchiveContent content, Optional<Platform> platform) {
    this.content = content;
    this.platform = platform;
  }

  /**
   * @throws Fault.InvalidArgument when it holds no images, or names what is not there
   */
  static List<Planned> of(ArchiveContent content, Optional<Platform> platform) {
    ArchivePlan plan = new ArchivePlan(content, platform);
    List<Planned> images;
    if (content.findDocument(DOCKER).isPresent()) {
      images = plan.docker();
    } else if (content.findDocument(OCI).isPresent()) {
      images = plan.oci();
    } else {
      throw new Fault.InvalidArgument(
          "invalid image archive: it has neither manifest.json nor index.json; for the file system"
              + " of one image use import");
    }
    if (images.isEmpty()) {
      throw new Fault.InvalidArgument("invalid image archive: it holds no image");
    }
    return images;
  }

  private List<Planned> docker() {
    SavedImage[] entries = Json.read(content.document(DOCKER), SavedImage[].class, DOCKER);
    Map<Digest, RawManifest> manifests = new LinkedHashMap<>();
    Map<Reference, ArchiveIndexes.Raw> lists = new LinkedHashMap<>();
    if (content.findDocument(OCI).isPresent()) {
      for (Found found : walk(index(content.document(OCI), OCI), 0, Optional.empty())) {
        manifests.putIfAbsent(found.manifest().manifest().config().digest(), found.manifest());
        lists.putAll(found.lists());
      }
    }
    List<Planned> images = new ArrayList<>();
    for (SavedImage entry : entries) {
      if (entry == null || entry.config().isEmpty()) {
        throw new Fault.InvalidArgument("invalid manifest.json: an image without Config");
      }
      Document config = new Document(content.document(ArchiveNames.clean(entry.config())));
      images.add(
          new Planned(
              config,
              Optional.ofNullable(manifests.get(config.digest())),
              entry.layers().stream().map(ArchiveNames::clean).toList(),
              entry.repoTags().stream().map(ArchivePlan::tag).toList(),
              lists));
    }
    return images;
  }

  private static Reference tag(String text) {
    Reference reference = Reference.parse(text);
    if (reference.digest().isPresent()) {
      throw new Fault.InvalidArgument("invalid tag \"" + text + "\" in manifest.json: a digest");
    }
    return reference.withDefaultTag();
  }

  /** A manifest that the index leads to, with the name that it is under. */
  private record Found(
      RawManifest manifest, Optional<Reference> name, Optional<ArchiveIndexes.Raw> list) {
    Map<Reference, ArchiveIndexes.Raw> lists() {
      return name.isPresent() && list.isPresent() ? Map.of(name.get(), list.get()) : Map.of();
    }

    Found in(Descriptor index, byte[] bytes) {
      return new Found(
          manifest,
          name,
          Optional.of(
              new ArchiveIndexes.Raw(
                  Descriptor.of(index.mediaType(), index.digest(), index.size()),
                  new Document(bytes))));
    }
  }

  private List<Planned> oci() {
    Map<Digest, Planned> images = new LinkedHashMap<>();
    for (Found found : walk(index(content.document(OCI), OCI), 0, Optional.empty())) {
      Manifest manifest = found.manifest().manifest();
      List<Reference> names = new ArrayList<>(found.name().stream().toList());
      Map<Reference, ArchiveIndexes.Raw> lists = new LinkedHashMap<>(found.lists());
      Planned before = images.get(manifest.config().digest());
      if (before != null) {
        names.addAll(0, before.tags());
        lists.putAll(before.lists());
      }
      images.put(
          manifest.config().digest(),
          new Planned(
              new Document(content.document(manifest.config().digest())),
              Optional.of(found.manifest()),
              manifest.layers().stream().map(l -> ArchiveContent.blobName(l.digest())).toList(),
              List.copyOf(names),
              Map.copyOf(lists)));
    }
    return List.copyOf(images.values());
  }

  private static Index index(byte[] json, String what) {
    return Json.read(json, Index.class, what);
  }

  private List<Found> walk(Index index, int depth, Optional<Reference> inherited) {
    if (depth > MAX_DEPTH) {
      throw new Fault.InvalidArgument("invalid image archive: its indexes are nested too deep");
    }
    List<Found> found = new ArrayList<>();
    for (Descriptor entry : depth == 0 ? index.manifests() : chosen(index)) {
      Optional<Reference> name = name(entry).or(() -> inherited);
      if (MediaType.isIndex(entry.mediaType())) {
        content
            .findDocument(ArchiveContent.blobName(entry.digest()))
            .ifPresent(b ->
                walk(index(b, "image index"), depth + 1, name)
                    .forEach(inner -> found.add(inner.in(entry, b))));
      } else if (MediaType.isManifest(entry.mediaType()) && !isAttestation(entry)) {
        RawManifest manifest = manifest(entry);
        if (isImage(manifest.manifest())) {
          found.add(new Found(manifest, name, Optional.empty()));
        }
      }
    }
    return found;
  }

  /** Of several platforms the wanted one, of those that the archive really holds. */
  private List<Descriptor> chosen(Index index) {
    List<Descriptor> here =
        index.manifests().stream()
            .filter(d -> content.has(ArchiveContent.blobName(d.digest())))
            .toList();
    List<Descriptor> fitting =
        here.stream()
            .filter(d -> d.platform().map(platform.orElseGet(Platform::host)::accepts).orElse(true))
            .toList();
    if (fitting.isEmpty() && platform.isPresent()) {
      throw new Fault.NotFound(
          "image", "", "the archive holds no image for the platform " + platform.get());
    }
    return fitting.isEmpty() ? here.stream().limit(1).toList() : fitting.subList(0, 1);
  }

  private static boolean isAttestation(Descriptor entry) {
    return entry.annotations().containsKey("vnd.docker.reference.type");
  }

  private static boolean isImage(Manifest manifest) {
    String type = manifest.config().mediaType();
    return type.equals(MediaType.OCI_CONFIG) || type.equals(MediaType.DOCKER_CONFIG);
  }

  private RawManifest manifest(Descriptor entry) {
    byte[] bytes = content.document(entry.digest());
    if (bytes.length != entry.size()) {
      throw new Fault.DataLoss(
          "manifest "
              + entry.digest()
              + " has "
              + bytes.length
              + " bytes, not "
              + entry.size()
              + " as the index says");
    }
    Manifest manifest = Json.read(bytes, Manifest.class, "image manifest");
    if (manifest.config() == null) {
      throw new Fault.InvalidArgument(
          "invalid image manifest " + entry.digest() + ": no configuration");
    }
    return new RawManifest(
        Descriptor.of(entry.mediaType(), entry.digest(), entry.size()),
        manifest,
        new Document(bytes));
  }

  /** containerd writes whole names; others write a tag alone, which names no repository. */
  private static Optional<Reference> name(Descriptor entry) {
    String whole = entry.annotations().getOrDefault(CONTAINERD_NAME, "");
    String name = whole.isEmpty() ? entry.annotations().getOrDefault(REF_NAME, "") : whole;
    if (name.isEmpty() || (whole.isEmpty() && !name.contains(":") && !name.contains("/"))) {
      return Optional.empty();
    }
    Reference reference = Reference.parse(name);
    return reference.digest().isPresent()
        ? Optional.empty()
        : Optional.of(reference.withDefaultTag());
  }
}
