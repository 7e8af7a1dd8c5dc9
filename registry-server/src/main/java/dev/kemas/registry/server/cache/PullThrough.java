package dev.kemas.registry.server.cache;

import dev.kemas.content.BlobInfo;
import dev.kemas.content.Ingest;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Reference;
import dev.kemas.registry.client.RegistryClient;
import dev.kemas.registry.client.RegistryLogin;
import dev.kemas.registry.client.RemoteBlob;
import dev.kemas.registry.client.RemoteManifest;
import dev.kemas.registry.client.Repository;
import dev.kemas.registry.server.repository.Blobs;
import dev.kemas.registry.server.repository.ErrorCode;
import dev.kemas.registry.server.repository.Manifests;
import dev.kemas.registry.server.repository.Refusal;
import dev.kemas.registry.server.repository.RepositoryName;
import dev.kemas.registry.server.repository.StoredManifest;
import dev.kemas.registry.store.Storage;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Fetches from another registry what is asked for and not here. A blob goes to the store and to the
 * client at once; the last bytes are only sent when the digest was compared, so nobody takes a
 * damaged blob for a whole one. A fetch that was cut keeps what came. Thread-safe.
 */
public final class PullThrough {
  /** For so long a tag is believed without asking. */
  private static final Duration FRESH = Duration.ofMinutes(1);

  private static final int PIECE = 256 * 1024;

  private final RegistryClient client;
  private final RegistryLogin login;
  private final String host;
  private final Storage storage;
  private final Blobs blobs;
  private final Manifests manifests;
  private final Eviction eviction;
  private final Clock clock;

  /**
   * What is cached where.
   *
   * @param host of the other registry, {@code docker.io} or {@code host:port}
   */
  public PullThrough(
      RegistryClient client,
      RegistryLogin login,
      String host,
      Storage storage,
      Blobs blobs,
      Manifests manifests,
      Eviction eviction,
      Clock clock) {
    this.client = client;
    this.login = login;
    this.host = host;
    this.storage = storage;
    this.blobs = blobs;
    this.manifests = manifests;
    this.eviction = eviction;
    this.clock = clock;
  }

  /** Where a blob goes on its way into the store. */
  public interface Receiver {
    /** Nothing to receive: the blob is only stored. */
    Receiver NOBODY =
        new Receiver() {
          @Override
          public void begin(long length) {}

          @Override
          public void write(boolean last, ByteBuffer bytes) {}
        };

    /** The length is known. */
    void begin(long length);

    /** Some bytes, in their order; the buffer is free when this returns. */
    void write(boolean last, ByteBuffer bytes) throws IOException;
  }

  private Repository there(RepositoryName name) {
    return client.repository(reference(name, ""), login);
  }

  private Reference reference(RepositoryName name, String suffix) {
    return Reference.parse(host + "/" + name + suffix);
  }

  /**
   * A manifest: from here where it is by digest or its tag was asked for lately, else from there. A
   * tag that is known here is served from here while the other registry does not answer.
   *
   * @throws Refusal {@code MANIFEST_UNKNOWN} when neither has it
   */
  public StoredManifest manifest(RepositoryName name, String reference) {
    boolean byDigest = reference.indexOf(':') >= 0;
    Optional<StoredManifest> here = manifests.find(name, reference);
    if (here.isPresent()
        && (byDigest
            || manifests
                .taggedAt(name, reference)
                .filter(at -> at.plus(FRESH).isAfter(clock.instant()))
                .isPresent())) {
      return here.get();
    }
    try {
      RemoteManifest found =
          there(name).manifest(reference(name, (byDigest ? "@" : ":") + reference));
      return manifests.keep(
          name,
          byDigest ? Optional.empty() : Optional.of(reference),
          found.descriptor(),
          found.bytes());
    } catch (Fault.Unavailable | Fault.ResourceExhausted e) {
      return here.orElseThrow(() -> e);
    } catch (Fault.NotFound | Fault.Unauthenticated | Fault.InvalidArgument e) {
      Refusal refusal =
          new Refusal(ErrorCode.MANIFEST_UNKNOWN, "manifest unknown: " + e.getMessage());
      refusal.addSuppressed(e);
      throw refusal;
    }
  }

  /**
   * Fetches a blob that is not here.
   *
   * @throws Refusal {@code BLOB_UNKNOWN} when the other registry does not have it
   */
  public void fetch(RepositoryName name, Digest digest, Receiver to) throws IOException {
    Repository there = there(name);
    if (!there.has(digest)) {
      throw Blobs.unknown(name, digest);
    }
    try (RemoteBlob remote = there.blob(digest, 0)) {
      Optional<Ingest> ingest = ingest(digest);
      try {
        transfer(name, digest, remote, ingest, to);
      } finally {
        ingest.ifPresent(Ingest::close);
      }
    } catch (Fault.NotFound e) {
      Refusal refusal = Blobs.unknown(name, digest);
      refusal.addSuppressed(e);
      throw refusal;
    }
  }

  /** Empty while another request stores the same blob: then it is only passed on. */
  private Optional<Ingest> ingest(Digest digest) {
    try {
      return Optional.of(
          storage.blobs().ingest("cache-" + digest.algorithm() + "-" + digest.hex()));
    } catch (Fault.Conflict e) {
      return Optional.empty();
    }
  }

  private void transfer(
      RepositoryName name, Digest digest, RemoteBlob remote, Optional<Ingest> ingest, Receiver to)
      throws IOException {
    if (remote.length().isEmpty()) {
      throw new Fault.Unavailable("registry " + host + " does not say the length of " + digest);
    }
    long length = remote.length().getAsLong();
    to.begin(length);
    byte[] piece = new byte[PIECE];
    long at = 0;
    while (at < length) {
      int n = remote.stream().readNBytes(piece, 0, (int) Math.min(piece.length, length - at));
      if (n == 0) {
        throw new EOFException("registry " + host + " ends blob " + digest + " at byte " + at);
      }
      if (ingest.isPresent() && at + n > ingest.get().offset()) {
        int known = (int) Math.max(0, ingest.get().offset() - at);
        ingest.get().write(ByteBuffer.wrap(piece, known, n - known));
      }
      at += n;
      if (at == length && ingest.isPresent()) {
        keep(name, ingest.get(), length, digest);
      }
      to.write(at == length, ByteBuffer.wrap(piece, 0, n));
    }
  }

  private void keep(RepositoryName name, Ingest ingest, long length, Digest digest) {
    BlobInfo blob = ingest.commit(OptionalLong.of(length), digest);
    storage.blobs().sync();
    blobs.keep(name, blob);
    eviction.added(blob.size());
  }
}
