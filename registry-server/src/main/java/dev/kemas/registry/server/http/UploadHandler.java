package dev.kemas.registry.server.http;

import dev.kemas.content.BlobInfo;
import dev.kemas.oci.Digest;
import dev.kemas.registry.server.repository.Blobs;
import dev.kemas.registry.server.repository.ErrorCode;
import dev.kemas.registry.server.repository.Manifests;
import dev.kemas.registry.server.repository.Refusal;
import dev.kemas.registry.server.repository.RepositoryName;
import dev.kemas.registry.server.repository.Uploads;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Uploads of blobs (distribution-spec, "Pushing blobs"). */
final class UploadHandler {
  private static final Pattern RANGE =
      Pattern.compile("(?:bytes[= ])?(\\d{1,18})-(\\d{1,18})(?:/.*)?");
  private final Uploads uploads;
  private final Blobs blobs;

  UploadHandler(Uploads uploads, Blobs blobs) {
    this.uploads = uploads;
    this.blobs = blobs;
  }

  /**
   * Starts an upload; with a digest the body is the blob.
   *
   * @param mayPull whether the client may read another repository
   */
  void start(Exchange exchange, RepositoryName name, Predicate<RepositoryName> mayPull)
      throws IOException {
    Optional<String> mount = exchange.parameter("mount");
    if (mount.isPresent() && mounted(exchange, name, mount.get(), mayPull)) {
      return;
    }
    Optional<String> digest = exchange.parameter("digest");
    if (digest.isPresent()) {
      Digest expected = Manifests.digest(digest.get());
      created(exchange, name, uploads.whole(name, exchange.pieces(), expected).digest());
      return;
    }
    String id = uploads.start(name);
    accepted(exchange, name, id, 0);
  }

  private boolean mounted(
      Exchange exchange, RepositoryName name, String mount, Predicate<RepositoryName> mayPull)
      throws IOException {
    Digest digest = Manifests.digest(mount);
    Optional<RepositoryName> from =
        exchange.parameter("from").map(RepositoryName::new).filter(mayPull);
    if (from.isEmpty() || !blobs.mount(name, from.get(), digest)) {
      // the specification has the client upload then
      return false;
    }
    created(exchange, name, digest);
    return true;
  }

  void status(Exchange exchange, RepositoryName name, String id) throws IOException {
    progress(exchange, name, id, uploads.offset(name, id)).status(204);
  }

  void append(Exchange exchange, RepositoryName name, String id) throws IOException {
    try {
      long offset = uploads.append(name, id, chunk(exchange), exchange.pieces());
      accepted(exchange, name, id, offset);
    } catch (Refusal e) {
      throw withProgress(exchange, name, id, e);
    }
  }

  void finish(Exchange exchange, RepositoryName name, String id) throws IOException {
    Digest expected =
        Manifests.digest(
            exchange
                .parameter("digest")
                .orElseThrow(() ->
                    new Refusal(
                        ErrorCode.DIGEST_INVALID,
                        "the digest is missing: close an upload with ?digest=DIGEST")));
    try {
      BlobInfo blob = uploads.finish(name, id, chunk(exchange), exchange.pieces(), expected);
      created(exchange, name, blob.digest());
    } catch (Refusal e) {
      throw withProgress(exchange, name, id, e);
    }
  }

  void cancel(Exchange exchange, RepositoryName name, String id) throws IOException {
    uploads.cancel(name, id);
    exchange.status(204);
  }

  /** A chunk at the wrong place: the answer says the right one. */
  private static Refusal withProgress(
      Exchange exchange, RepositoryName name, String id, Refusal refusal) {
    Optional.ofNullable(refusal.detail().get("offset"))
        .ifPresent(offset -> progress(exchange, name, id, Long.parseLong(offset)));
    return refusal;
  }

  private static Uploads.Chunk chunk(Exchange exchange) {
    Optional<String> text = exchange.header("Content-Range");
    if (text.isEmpty()) {
      return Uploads.Chunk.NEXT;
    }
    Matcher range = RANGE.matcher(text.get().strip());
    if (!range.matches()) {
      throw invalid(text.get());
    }
    long first = Long.parseLong(range.group(1));
    long length = Long.parseLong(range.group(2)) - first + 1;
    boolean empty = exchange.bodyLength() == 0;
    // clients close an empty blob with the range 0-0
    if (length < 0 || (exchange.bodyLength() > 0 && exchange.bodyLength() != length)) {
      throw invalid(text.get());
    }
    return new Uploads.Chunk(
        OptionalLong.of(first), empty ? OptionalLong.empty() : OptionalLong.of(length));
  }

  private static Refusal invalid(String range) {
    return new Refusal(
        ErrorCode.BLOB_UPLOAD_INVALID,
        "invalid Content-Range: want FIRST-LAST with as many bytes as the body has",
        Map.of("Content-Range", range));
  }

  private static Exchange progress(Exchange exchange, RepositoryName name, String id, long offset) {
    return exchange
        .with("Location", "/v2/" + name + "/blobs/uploads/" + id)
        .with("Range", "0-" + Math.max(0, offset - 1))
        .with("Docker-Upload-UUID", id);
  }

  private static void accepted(Exchange exchange, RepositoryName name, String id, long offset)
      throws IOException {
    progress(exchange, name, id, offset).status(202);
  }

  private static void created(Exchange exchange, RepositoryName name, Digest digest)
      throws IOException {
    exchange
        .with("Location", "/v2/" + name + "/blobs/" + digest)
        .with("Docker-Content-Digest", digest.toString())
        .status(201);
  }
}
