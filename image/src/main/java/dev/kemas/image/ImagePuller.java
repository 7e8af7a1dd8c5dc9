package dev.kemas.image;

import dev.kemas.content.BlobStore;
import dev.kemas.fault.Fault;
import dev.kemas.metadata.Resource;
import dev.kemas.oci.ChainId;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.ImageConfig;
import dev.kemas.oci.Json;
import dev.kemas.oci.Manifest;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import dev.kemas.registry.client.RateLimit;
import dev.kemas.registry.client.RegistryClient;
import dev.kemas.registry.client.RegistryLogin;
import dev.kemas.registry.client.Repository;
import dev.kemas.signature.SignaturePolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Gets images from registries. Two pulls of one layer at once do the work once. Thread-safe. */
public final class ImagePuller {
  private final RegistryClient registries;
  private final Layers layers;
  private final Images images;
  private final Catalog catalog;
  private final BlobStore blobs;
  private final Consumer<ImageEvent> events;
  private final Runnable tidy;
  private final DiskSpace disk;
  private final LayerFetcher fetcher;
  private final SignatureCheck signatures;

  ImagePuller(
      RegistryClient registries,
      Layers layers,
      Images images,
      Catalog catalog,
      BlobStore blobs,
      Consumer<ImageEvent> events,
      Runnable tidy,
      DiskSpace disk,
      Supplier<SignaturePolicy> policy) {
    this.disk = disk;
    this.signatures = new SignatureCheck(registries, policy);
    this.registries = registries;
    this.layers = layers;
    this.images = images;
    this.catalog = catalog;
    this.blobs = blobs;
    this.events = events;
    this.tidy = tidy;
    this.fetcher =
        new LayerFetcher(layers, blobs, () -> registries.settings().atOnce().downloads());
  }

  /**
   * Pulls the image of a name; {@code latest} where it has neither tag nor digest.
   *
   * @param platform which image of a multi-platform index; empty for this machine's
   * @param progress gets Docker's messages
   * @throws Fault.NotFound when the registry has no such image, or none for the platform
   * @throws Fault.Unavailable when the registry cannot be reached
   * @throws Fault.Unauthenticated when it refuses
   * @throws Fault.DataLoss when it sends bytes that do not match their digest
   * @throws Fault.Forbidden when nobody has signed it whose signature the policy requires
   */
  public Image pull(
      Reference name, Optional<Platform> platform, RegistryLogin login, Progress progress) {
    Reference wanted = name.withDefaultTag();
    Meter meter = new Meter(progress);
    boolean left = true;
    try (Hold hold = layers.hold("pull of " + wanted.familiar())) {
      Repository repository = registries.repository(wanted, login);
      PullPlan plan = PullPlan.of(repository, wanted, platform);
      String label = wanted.tag().orElseGet(() -> plan.named().digest().toString());
      progress.status(label, "Pulling from " + repositoryName(wanted));
      signatures.require(wanted, plan.named().digest(), login, meter);
      Optional<Image> before = catalog.find(wanted);
      StoredImage stored =
          fetch(new LayerFetcher.Pull(repository, hold, meter), plan, wanted, platform);
      List<Reference> names = new ArrayList<>();
      if (wanted.digest().isEmpty()) {
        names.add(wanted);
      }
      names.add(wanted.withDigest(plan.named().digest()));
      left = catalog.record(Map.of(stored, names));
      // somebody may have removed it at this very moment: it was here all the same
      Image image = catalog.find(stored.id()).orElseGet(() -> catalog.view(stored));
      plan.raw()
          .rateLimit()
          .filter(RateLimit::isLow)
          .ifPresent(limit -> meter.say("Rate limit of " + wanted.domain() + ": " + limit));
      meter.say("Digest: " + plan.named().digest());
      boolean same = before.map(b -> b.id().equals(image.id())).orElse(false);
      meter.say(
          "Status: "
              + (same ? "Image is up to date for " : "Downloaded newer image for ")
              + wanted.familiar());
      events.accept(
          new ImageEvent(
              ImageEvent.Action.PULL, wanted.familiar(), attributes(image, wanted.familiarName())));
      return image;
    } catch (IOException e) {
      throw e.getCause() instanceof Fault fault
          ? fault
          : new Fault.Unavailable(
              "the pull of " + wanted.familiar() + " breaks off: " + e.getMessage(), e);
    } finally {
      if (left) {
        tidy.run();
      }
    }
  }

  /**
   * Pulls the images of all tags of a repository, one after the other.
   *
   * @throws Fault.NotFound when there is no such repository, or a tag has no image for the platform
   */
  public void pullAll(
      Reference repository, Optional<Platform> platform, RegistryLogin login, Progress progress) {
    for (String tag : registries.repository(repository, login).tags()) {
      pull(repository.withTag(tag), platform, login, progress);
    }
  }

  private static Map<String, String> attributes(Image image, String name) {
    return Removal.event(ImageEvent.Action.PULL, image, name).attributes();
  }

  private static String repositoryName(Reference name) {
    return name.domain().equals("docker.io") ? name.path() : name.name();
  }

  private StoredImage fetch(
      LayerFetcher.Pull pull, PullPlan plan, Reference name, Optional<Platform> platform)
      throws IOException {
    Manifest manifest = plan.manifest();
    Preflight.requireNoArtifact(name, manifest);
    byte[] json = configuration(pull, manifest.config(), name);
    ImageConfig config = Json.read(json, ImageConfig.class, "image configuration");
    List<Digest> diffIds = config.rootfs() == null ? List.of() : config.rootfs().diffIds();
    Preflight preflight = new Preflight(name, manifest, config, diffIds);
    preflight.requireImage();
    platform.ifPresent(preflight::requirePlatform);
    preflight.requireSpace(disk, (blob, chain) -> isHere(blob, chain));
    List<Layer> placed = layers(pull, manifest.layers(), diffIds);
    Descriptor configBlob = images.put(pull.hold().lease(), manifest.config().mediaType(), json);
    boolean asSent =
        placed.stream()
            .map(Layer::blob)
            .map(Descriptor::digest)
            .toList()
            .equals(manifest.layers().stream().map(Descriptor::digest).toList());
    Descriptor raw =
        asSent
            ? images.put(
                pull.hold().lease(), plan.raw().descriptor().mediaType(), plan.raw().bytes())
            : images.put(
                pull.hold().lease(),
                MediaType.OCI_MANIFEST,
                Json.write(Manifest.oci(configBlob, placed.stream().map(Layer::blob).toList())));
    return new StoredImage(
        configBlob.digest(),
        configBlob,
        raw,
        placed,
        Optional.empty(),
        catalog.now(),
        Optional.empty(),
        asSent,
        false);
  }

  private byte[] configuration(LayerFetcher.Pull pull, Descriptor config, Reference name)
      throws IOException {
    pull.hold().lease().add(Resource.blob(config.digest()));
    if (blobs.stat(config.digest()).isPresent()) {
      return blobs.read(config.digest(), Catalog.MAX_DOCUMENT);
    }
    return RemoteImages.document(pull.repository(), config, name, "configuration");
  }

  private boolean isHere(Descriptor blob, Digest chain) {
    return blobs.stat(blob.digest()).isPresent()
        || catalog.layerAt(chain).filter(layers::has).isPresent();
  }

  /** One layer of the pull: what comes, or what is here already. */
  private record Part(Optional<Layer> here, Optional<Background<LayerFetcher.Fetched>> coming) {}

  private List<Layer> layers(
      LayerFetcher.Pull pull, List<Descriptor> descriptors, List<Digest> diffIds)
      throws IOException {
    List<Part> parts = new ArrayList<>();
    List<Layer> placed = new ArrayList<>();
    try {
      Optional<Digest> chain = Optional.empty();
      for (int i = 0; i < descriptors.size(); i++) {
        chain = Optional.of(ChainId.of(chain, diffIds.get(i)));
        parts.add(start(pull, descriptors.get(i), chain.get()));
      }
      Optional<Digest> parent = Optional.empty();
      for (int i = 0; i < parts.size(); i++) {
        Layer layer = place(pull, parts.get(i), descriptors.get(i), diffIds.get(i), parent);
        placed.add(layer);
        parent = Optional.of(layer.chainId());
      }
      return placed;
    } finally {
      for (int i = placed.size(); i < parts.size(); i++) {
        parts.get(i).coming().ifPresent(ImagePuller::drop);
      }
    }
  }

  private Part start(LayerFetcher.Pull pull, Descriptor blob, Digest chainId) {
    String id = blob.digest().shortHex();
    pull.hold().keepSnapshot(chainId);
    Optional<Layer> known = catalog.layerAt(chainId);
    known.ifPresent(pull.hold()::keep);
    if (known.filter(layers::has).isPresent()) {
      pull.meter().state(id, "Already exists");
      return new Part(known, Optional.empty());
    }
    pull.meter().expect(id, "Pulling fs layer", blob.size());
    boolean unpack = !layers.unpacked(chainId);
    return new Part(
        Optional.empty(),
        Optional.of(Background.start("fetch " + id, () -> fetcher.fetch(pull, blob, unpack))));
  }

  private Layer place(
      LayerFetcher.Pull pull, Part part, Descriptor blob, Digest diffId, Optional<Digest> parent)
      throws IOException {
    if (part.here().isPresent()) {
      return part.here().get();
    }
    String id = blob.digest().shortHex();
    try (LayerFetcher.Fetched fetched = part.coming().orElseThrow().get()) {
      pull.meter().end(id, "Extracting", blob.size(), blob.size());
      Layer layer;
      if (fetched.arrived().isPresent()) {
        LayerIntake.Arrived arrived = fetched.arrived().get();
        if (!arrived.diffId().equals(diffId)) {
          throw new Fault.DataLoss(
              "layer "
                  + blob.digest()
                  + " has the diff id "
                  + arrived.diffId()
                  + ", its image says "
                  + diffId);
        }
        layer =
            layers.settle(
                pull.hold(),
                new LayerIntake.Arrived(blob, diffId, arrived.size()),
                fetched.fill(),
                parent);
      } else {
        layer = layers.place(pull.hold(), blob, diffId, parent);
      }
      pull.meter().state(id, "Pull complete");
      return layer;
    }
  }

  private static void drop(Background<LayerFetcher.Fetched> work) {
    work.awaitEnd();
    work.result().ifPresent(LayerFetcher.Fetched::close);
  }
}
