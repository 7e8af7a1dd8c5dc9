package dev.kemas.registry.server.http;

import dev.kemas.oci.Digest;
import dev.kemas.oci.MediaType;
import dev.kemas.registry.server.cache.PullThrough;
import dev.kemas.registry.server.repository.ErrorCode;
import dev.kemas.registry.server.repository.Manifests;
import dev.kemas.registry.server.repository.Refusal;
import dev.kemas.registry.server.repository.RepositoryName;
import dev.kemas.registry.server.repository.StoredManifest;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Manifests: fetch, push, delete; and what is said about them. */
final class ManifestHandler {
  /** What is listed at once when the client does not say. */
  private static final int USUAL_REFERRERS = 1000;

  private final Manifests manifests;
  private final Optional<PullThrough> cache;

  ManifestHandler(Manifests manifests, Optional<PullThrough> cache) {
    this.manifests = manifests;
    this.cache = cache;
  }

  void get(Exchange exchange, RepositoryName name, String reference) throws IOException {
    StoredManifest manifest =
        cache.isPresent() ? cache.get().manifest(name, reference) : manifests.get(name, reference);
    String digest = manifest.digest().toString();
    String etag = "\"" + digest + "\"";
    exchange.with("Docker-Content-Digest", digest).with("ETag", etag);
    if (exchange.hasAlready(etag)) {
      exchange.status(304);
      return;
    }
    exchange.bytes(200, manifest.mediaType(), manifest.body().duplicate());
  }

  void put(Exchange exchange, RepositoryName name, String reference) throws IOException {
    if (exchange.bodyLength() > Manifests.LARGEST) {
      throw tooLarge();
    }
    byte[] bytes = exchange.body().readNBytes(Manifests.LARGEST + 1);
    if (bytes.length > Manifests.LARGEST) {
      throw tooLarge();
    }
    String type = exchange.header("Content-Type").orElse("").split(";", 2)[0].strip();
    Manifests.Pushed pushed = manifests.put(name, reference, type, bytes);
    pushed.subject().ifPresent(subject -> exchange.with("OCI-Subject", subject.toString()));
    exchange
        .with("Location", "/v2/" + name + "/manifests/" + pushed.digest())
        .with("Docker-Content-Digest", pushed.digest().toString())
        .status(201);
  }

  private static Refusal tooLarge() {
    return new Refusal(
        ErrorCode.SIZE_INVALID,
        "the manifest has more than the " + Manifests.LARGEST + " bytes allowed");
  }

  void delete(Exchange exchange, RepositoryName name, String reference) throws IOException {
    manifests.delete(name, reference);
    exchange.status(202);
  }

  void referrers(Exchange exchange, RepositoryName name, String text) throws IOException {
    Digest subject = Manifests.digest(text);
    String type = exchange.parameter("artifactType").orElse("");
    int most = exchange.count().orElse(USUAL_REFERRERS);
    Optional<Digest> after = exchange.parameter("last").map(Manifests::digest);
    Manifests.Referrers found = manifests.referrers(name, subject, type, after, most);
    found.next().ifPresent(last -> exchange.with("Link", next(name, subject, type, last, most)));
    if (!type.isEmpty()) {
      exchange.with("OCI-Filters-Applied", "artifactType");
    }
    // an empty list is said, not left out
    Map<String, Object> index =
        Map.of(
            "schemaVersion", 2, "mediaType", MediaType.OCI_INDEX, "manifests", found.manifests());
    exchange.json(200, MediaType.OCI_INDEX, index);
  }

  /** Where the list goes on (distribution-spec, "Listing Referrers"; RFC 8288). */
  private static String next(
      RepositoryName name, Digest subject, String type, Digest last, int most) {
    String filter =
        type.isEmpty() ? "" : "&artifactType=" + URLEncoder.encode(type, StandardCharsets.UTF_8);
    return "</v2/%s/referrers/%s?n=%d&last=%s%s>; rel=\"next\""
        .formatted(name, subject, most, last, filter);
  }
}
