package dev.kemas.registry.server.repository;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.registry.store.Records;
import dev.kemas.registry.store.Storage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Manifests, tags and referrers of repositories. A manifest appears only when everything it names
 * is there. Thread-safe.
 */
public final class Manifests {
  /** What a manifest may have at most, in bytes (distribution-spec, "Pushing Manifests"). */
  public static final int LARGEST = 4 << 20;

  /** Bytes of descriptors in one list of referrers; the rest is for what is around them. */
  private static final int MOST_LISTED = LARGEST - 64 * 1024;

  private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");

  private final Storage storage;
  private final Blobs blobs;
  private final Catalog catalog;

  public Manifests(Storage storage, Blobs blobs, Catalog catalog) {
    this.storage = storage;
    this.blobs = blobs;
    this.catalog = catalog;
  }

  /**
   * What a push came to.
   *
   * @param subject what the manifest is said about, if anything
   */
  public record Pushed(Digest digest, Optional<Digest> subject) {}

  private Records records() {
    return storage.records();
  }

  /**
   * A manifest by tag or digest.
   *
   * @throws Refusal {@code MANIFEST_UNKNOWN}
   */
  public StoredManifest get(RepositoryName name, String reference) {
    return find(name, reference).orElseThrow(() -> unknown(name, reference));
  }

  /** The same; empty when it is not there. */
  public Optional<StoredManifest> find(RepositoryName name, String reference) {
    Optional<Digest> digest =
        isDigest(reference) ? Optional.of(digest(reference)) : tagged(name, reference);
    return digest.flatMap(found ->
        records()
            .read(Keys.manifest(name, found))
            .map(record -> StoredManifest.decode(found, record.bytes())));
  }

  private Optional<Digest> tagged(RepositoryName name, String tag) {
    if (!TAG.matcher(tag).matches()) {
      return Optional.empty();
    }
    return records()
        .read(Keys.tag(name, tag))
        .map(record -> Digest.parse(new String(record.bytes(), StandardCharsets.US_ASCII)));
  }

  private static boolean isDigest(String reference) {
    return reference.indexOf(':') >= 0;
  }

  /**
   * Reads a digest of a request.
   *
   * @throws Refusal {@code DIGEST_INVALID}
   */
  public static Digest digest(String text) {
    try {
      return Digest.parse(text);
    } catch (Fault.InvalidArgument e) {
      Refusal refusal =
          new Refusal(ErrorCode.DIGEST_INVALID, e.getMessage(), Map.of("digest", text));
      refusal.addSuppressed(e);
      throw refusal;
    }
  }

  /**
   * Stores a manifest, under a tag if the reference is one.
   *
   * @param contentType as the client said it; empty when it did not
   * @throws Refusal {@code MANIFEST_INVALID}, {@code MANIFEST_BLOB_UNKNOWN}, {@code DIGEST_INVALID}
   */
  public Pushed put(RepositoryName name, String reference, String contentType, byte[] bytes) {
    Digest digest;
    if (isDigest(reference)) {
      digest = digest(reference);
      Digest actual =
          new Digest(digest.algorithm(), HexFormat.of().formatHex(digest.hasher().digest(bytes)));
      if (!actual.equals(digest)) {
        throw new Refusal(
            ErrorCode.DIGEST_INVALID,
            "provided digest did not match uploaded content: the manifest is " + actual,
            Map.of("digest", reference));
      }
    } else if (TAG.matcher(reference).matches()) {
      digest = Digest.of(bytes);
    } else {
      throw new Refusal(
          ErrorCode.MANIFEST_INVALID,
          "invalid tag: want 1 to 128 letters, digits or . _ -, the first no . or -",
          Map.of("tag", reference));
    }
    ManifestBody body = ManifestBody.parse(contentType, bytes, digest);
    requireAll(name, body);
    write(name, digest, body, bytes);
    try {
      // the garbage collector of another server may have been a moment faster
      requireAll(name, body);
    } catch (Refusal e) {
      body.subject().ifPresent(subject -> records().delete(Keys.referrer(name, subject, digest)));
      records().delete(Keys.manifest(name, digest));
      throw e;
    }
    if (!isDigest(reference)) {
      tag(name, reference, digest);
    }
    return new Pushed(digest, body.subject());
  }

  /**
   * Stores a manifest of another registry; what it names need not be here.
   *
   * @throws Refusal {@code MANIFEST_INVALID}
   */
  public StoredManifest keep(
      RepositoryName name, Optional<String> tag, Descriptor descriptor, byte[] bytes) {
    Digest digest = descriptor.digest();
    ManifestBody body = ManifestBody.parse(descriptor.mediaType(), bytes, digest);
    write(name, digest, body, bytes);
    tag.ifPresent(text -> tag(name, text, digest));
    return new StoredManifest(body.mediaType(), digest, ByteBuffer.wrap(bytes).asReadOnlyBuffer());
  }

  private void write(RepositoryName name, Digest digest, ManifestBody body, byte[] bytes) {
    records().write(Keys.manifest(name, digest), StoredManifest.encode(body.mediaType(), bytes));
    body.subject()
        .ifPresent(subject ->
            records().write(Keys.referrer(name, subject, digest), Json.write(body.referrer())));
    catalog.add(name);
  }

  private void tag(RepositoryName name, String tag, Digest digest) {
    records().write(Keys.tag(name, tag), digest.toString().getBytes(StandardCharsets.US_ASCII));
  }

  /** When a tag was written last. */
  public Optional<Instant> taggedAt(RepositoryName name, String tag) {
    return TAG.matcher(tag).matches()
        ? records().read(Keys.tag(name, tag)).map(Records.Value::writtenAt)
        : Optional.empty();
  }

  private void requireAll(RepositoryName name, ManifestBody body) {
    for (Digest blob : body.blobs()) {
      if (blobs.stat(name, blob).isEmpty()) {
        throw missing("blob", name, blob);
      }
    }
    for (Digest manifest : body.manifests()) {
      if (records().read(Keys.manifest(name, manifest)).isEmpty()) {
        throw missing("manifest", name, manifest);
      }
    }
  }

  private static Refusal missing(String kind, RepositoryName name, Digest digest) {
    return new Refusal(
        ErrorCode.MANIFEST_BLOB_UNKNOWN,
        "the manifest names the "
            + kind
            + " "
            + digest
            + ", which repository "
            + name
            + " does not have: push it first",
        Map.of("digest", digest.toString()));
  }

  /**
   * Deletes a tag, or a manifest with all its tags.
   *
   * @throws Refusal {@code MANIFEST_UNKNOWN}
   */
  public void delete(RepositoryName name, String reference) {
    StoredManifest manifest = get(name, reference);
    if (!isDigest(reference)) {
      records().delete(Keys.tag(name, reference));
      return;
    }
    // tags first: a tag that points to nothing would be seen
    for (Records.Entry tag : records().list(Keys.tags(name), "", Integer.MAX_VALUE)) {
      if (tagged(name, tag.name()).filter(manifest.digest()::equals).isPresent()) {
        records().delete(Keys.tag(name, tag.name()));
      }
    }
    ManifestBody.parse(manifest.mediaType(), manifest.bytes(), manifest.digest())
        .subject()
        .ifPresent(subject -> records().delete(Keys.referrer(name, subject, manifest.digest())));
    records().delete(Keys.manifest(name, manifest.digest()));
  }

  /**
   * The tags of a repository in lexical order.
   *
   * @param after only tags behind this one
   * @throws Refusal {@code NAME_UNKNOWN} when there is no such repository
   */
  public Page tags(RepositoryName name, String after, int most) {
    List<Records.Entry> entries = records().list(Keys.tags(name), after, ahead(most));
    if (entries.isEmpty() && !catalog.has(name)) {
      throw new Refusal(
          ErrorCode.NAME_UNKNOWN,
          "repository name not known to registry",
          Map.of("name", name.text()));
    }
    return page(entries.stream().map(Records.Entry::name).toList(), most);
  }

  private static int ahead(int most) {
    return most == Integer.MAX_VALUE ? most : most + 1;
  }

  private static Page page(List<String> names, int most) {
    return names.size() > most ? new Page(names.subList(0, most), true) : new Page(names, false);
  }

  /**
   * Some of what is said about a manifest.
   *
   * @param next where the list goes on, as {@code after} of the next page; empty at its end
   */
  public record Referrers(List<Descriptor> manifests, Optional<Digest> next) {}

  /**
   * What is said about a manifest, which need not be there itself; no more than a manifest may have
   * in bytes.
   *
   * @param artifactType only these; empty for all
   * @param after only manifests behind this one; empty for all
   */
  public Referrers referrers(
      RepositoryName name, Digest subject, String artifactType, Optional<Digest> after, int most) {
    List<Descriptor> found = new ArrayList<>();
    Optional<Digest> last = after;
    long bytes = 0;
    for (Records.Entry entry :
        records()
            .list(
                Keys.referrers(name, subject),
                after.map(Keys::word).orElse(""),
                Integer.MAX_VALUE)) {
      Optional<Digest> digest = Keys.digest(entry.name());
      Optional<Records.Value> record =
          digest.flatMap(manifest -> records().read(Keys.referrer(name, subject, manifest)));
      if (record.isEmpty()) {
        continue;
      }
      Descriptor descriptor = Json.read(record.get().bytes(), Descriptor.class, "referrer");
      if (artifactType.isEmpty()
          || descriptor.artifactType().filter(artifactType::equals).isPresent()) {
        bytes += record.get().bytes().length + 1L;
        if (found.size() == most || (bytes > MOST_LISTED && !found.isEmpty())) {
          return new Referrers(found, found.isEmpty() ? Optional.empty() : last);
        }
        found.add(descriptor);
      }
      last = digest;
    }
    return new Referrers(found, Optional.empty());
  }

  private static Refusal unknown(RepositoryName name, String reference) {
    return new Refusal(
        ErrorCode.MANIFEST_UNKNOWN,
        "manifest unknown: repository " + name + " has no " + reference,
        Map.of("name", name.text(), "reference", reference));
  }
}
