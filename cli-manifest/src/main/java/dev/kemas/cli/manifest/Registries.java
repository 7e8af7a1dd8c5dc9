package dev.kemas.cli.manifest;

import dev.kemas.credential.ClientConfig;
import dev.kemas.credential.Credential;
import dev.kemas.credential.RegistryKey;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.ImageConfig;
import dev.kemas.oci.Index;
import dev.kemas.oci.Json;
import dev.kemas.oci.Manifest;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import dev.kemas.registry.client.Access;
import dev.kemas.registry.client.RegistryClient;
import dev.kemas.registry.client.RegistryLogin;
import dev.kemas.registry.client.RegistrySettings;
import dev.kemas.registry.client.RemoteBlob;
import dev.kemas.registry.client.RemoteManifest;
import dev.kemas.registry.client.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What the registries of the lists' images have, asked with the logins of the client. */
final class Registries {
  private static final int MAX_DOCUMENT = 4 << 20;
  private final ClientConfig config;
  private final RegistryClient client;

  /**
   * @param insecure registries that may speak plain HTTP or show a certificate that nobody vouches
   *     for; loopback always may
   */
  Registries(ClientConfig config, List<String> insecure, Map<String, String> environment) {
    this.config = config;
    RegistrySettings usual = RegistrySettings.DEFAULT;
    this.client =
        new RegistryClient(
            new RegistrySettings(List.of(), insecure, usual.connectTimeout()), environment);
  }

  private Repository repository(Reference name, Access access) {
    RegistryLogin login =
        config
            .find(
                name.domain().equals("docker.io")
                    ? RegistryKey.HUB
                    : RegistryKey.ofServer(name.domain()))
            .map(Registries::login)
            .orElse(RegistryLogin.ANONYMOUS);
    return client.repository(name, login, access);
  }

  private static RegistryLogin login(Credential known) {
    return new RegistryLogin(known.user(), known.password(), known.identityToken(), "");
  }

  /** What a name leads to: an index, or one image's manifest. */
  sealed interface Found {
    /** A list, as the registry has it. */
    record AList(Index index, List<Entry> entries) implements Found {}

    /** One image. */
    record One(Entry entry) implements Found {}
  }

  /**
   * Looks a name up.
   *
   * @param whole whether the images of a list are looked up too
   * @throws Fault.NotFound when the registry has no such name
   */
  Found find(Reference name, boolean whole) {
    Repository repository = repository(name, Access.PULL);
    RemoteManifest found = repository.manifest(name);
    if (!MediaType.isIndex(found.descriptor().mediaType())) {
      return new Found.One(entry(repository, name, found, Optional.empty()));
    }
    Index index = Json.read(found.bytes(), Index.class, "image index");
    List<Entry> entries = new ArrayList<>();
    if (whole) {
      for (Descriptor image : index.manifests()) {
        Reference one =
            new Reference(name.domain(), name.path(), name.tag(), Optional.of(image.digest()));
        RemoteManifest manifest = repository.manifest(one);
        entries.add(entry(repository, one, manifest, image.platform()));
      }
    }
    return new Found.AList(index, entries);
  }

  private static Entry entry(
      Repository repository, Reference name, RemoteManifest found, Optional<Platform> platform) {
    Descriptor descriptor = found.descriptor();
    if (!MediaType.isManifest(descriptor.mediaType())) {
      throw new Fault.Unsupported(
          name.familiar() + " is of the type " + descriptor.mediaType() + ", which is no image's");
    }
    Manifest manifest = Json.read(found.bytes(), Manifest.class, "image manifest");
    Platform runsOn = platform.orElseGet(() -> platform(repository, manifest.config(), name));
    return Entry.of(name, descriptor.withPlatform(runsOn), found.bytes());
  }

  private static Platform platform(Repository repository, Descriptor config, Reference name) {
    if (config.size() > MAX_DOCUMENT) {
      throw new Fault.InvalidArgument("the configuration of " + name.familiar() + " is too large");
    }
    RemoteBlob blob = repository.blob(config.digest(), 0);
    try (InputStream in = blob.stream()) {
      byte[] json = in.readNBytes(MAX_DOCUMENT);
      if (!Digest.of(json).equals(config.digest())) {
        throw new Fault.DataLoss(
            "the configuration of " + name.familiar() + " is not what its digest says");
      }
      return Json.read(json, ImageConfig.class, "image configuration").platform();
    } catch (IOException e) {
      throw new Fault.Unavailable(
          "the registry breaks off in the configuration of " + name.familiar(), e);
    }
  }

  /**
   * Makes an image, which lies in the same registry, one of a repository too: blobs are mounted
   * where the registry can, else copied.
   *
   * @return the name of the image there, by digest
   */
  Reference copy(Entry entry, Reference to) {
    Reference from = entry.name();
    Reference there = to.withDigest(entry.descriptor().digest());
    Repository target = repository(to, Access.PUSH);
    if (!from.path().equals(to.path())) {
      Repository source = repository(from, Access.PULL);
      Manifest manifest = entry.manifest();
      for (Descriptor blob :
          Stream.concat(manifest.layers().stream(), Stream.of(manifest.config())).toList()) {
        if (blob.urls().isEmpty() && !target.has(blob.digest())) {
          try (LaterBlob content = new LaterBlob(source, blob)) {
            target.send(blob, content, List.of(from.path()), sent -> {});
          }
        }
      }
    }
    target.put(there, entry.descriptor(), entry.bytes());
    return there;
  }

  /** Puts a list under its name; its images must be there. */
  Digest push(Reference list, Descriptor descriptor, byte[] index) {
    return repository(list, Access.PUSH).put(list, descriptor, index);
  }
}
