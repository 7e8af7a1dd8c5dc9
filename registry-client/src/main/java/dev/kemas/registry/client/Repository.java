package dev.kemas.registry.client;

import dev.kemas.content.BlobReader;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One repository, asked where it is found: at the mirrors first, then at the registry itself.
 * Thread-safe; made for one piece of work.
 */
public final class Repository {
  /** What a registry must accept at least as a manifest; more is refused (distribution-spec). */
  public static final int MAX_MANIFEST = 4 << 20;

  private static final String ACCEPT =
      String.join(
          ", ",
          MediaType.OCI_INDEX,
          MediaType.OCI_MANIFEST,
          MediaType.DOCKER_INDEX,
          MediaType.DOCKER_MANIFEST);

  private final List<Session> sessions;
  private final Reference name;
  private final Access access;
  private final RegistrySettings settings;
  private final Consumer<Endpoint> answered;
  private volatile Optional<Session> found = Optional.empty();

  Repository(
      List<Session> sessions,
      Reference name,
      Access access,
      RegistrySettings settings,
      Consumer<Endpoint> answered) {
    this.sessions = List.copyOf(sessions);
    this.name = name;
    this.access = access;
    this.settings = settings;
    this.answered = answered;
  }

  /**
   * The manifest or index that the reference names, by its digest if it has one, else by its tag.
   *
   * @throws Fault.NotFound when the registry has none, or denies access to who is not known
   * @throws Fault.Unavailable when no endpoint answers; the message names the last one
   * @throws Fault.Unauthenticated when credentials are refused
   * @throws Fault.DataLoss when the bytes do not match the digest
   */
  public RemoteManifest manifest(Reference wanted) {
    String key = wanted.digest().map(Digest::toString).or(wanted::tag).orElse("latest");
    return anywhere(session -> manifest(session, key, wanted));
  }

  /** Asks one endpoint after the other until one has an answer, and stays with that one. */
  private <T> T anywhere(Function<Session, T> question) {
    Fault last = new Fault.Unavailable("no endpoint is known for " + name.domain());
    for (Session session : found.map(List::of).orElse(sessions)) {
      try {
        T answer = question.apply(session);
        stay(session);
        return answer;
      } catch (Fault.Unavailable | Fault.ResourceExhausted e) {
        last = e;
      } catch (Fault.NotFound | Fault.Unauthenticated | Fault.Forbidden e) {
        if (!session.endpoint().mirror()) {
          stay(session);
          throw e;
        }
        last = e;
      }
    }
    throw last;
  }

  /** The first endpoint that answers at all. */
  private Session find() {
    return anywhere(session -> {
      Transport.close(
          session.ask(HttpRequest.newBuilder().GET(), session.endpoint().resolve("/v2/")));
      return session;
    });
  }

  private void stay(Session session) {
    found = Optional.of(session);
    answered.accept(session.endpoint());
  }

  private RemoteManifest manifest(Session session, String key, Reference wanted) {
    HttpRequest.Builder request = HttpRequest.newBuilder().GET().header("Accept", ACCEPT);
    HttpResponse<InputStream> response = session.ask(request, session.at("/manifests/" + key));
    if (response.statusCode() != 200) {
      throw Failures.of(response, wanted, access, "manifest");
    }
    byte[] bytes = body(response, wanted);
    Digest digest = Digest.of(bytes);
    Optional<Digest> promised = wanted.digest().or(() -> contentDigest(response));
    if (promised.isPresent() && !matches(promised.get(), bytes)) {
      throw new Fault.DataLoss(
          "registry "
              + name.domain()
              + " sent a manifest with the digest "
              + digest
              + " for "
              + wanted.familiar()
              + ", not "
              + promised.get());
    }
    String type =
        response
            .headers()
            .firstValue("Content-Type")
            .map(t -> t.split(";", 2)[0].strip())
            .orElse(MediaType.OCI_MANIFEST);
    return new RemoteManifest(
        Descriptor.of(type, promised.orElse(digest), bytes.length), bytes, RateLimit.of(response));
  }

  private static boolean matches(Digest promised, byte[] bytes) {
    return HexFormat.of().formatHex(promised.hasher().digest(bytes)).equals(promised.hex());
  }

  private static Optional<Digest> contentDigest(HttpResponse<InputStream> response) {
    return response.headers().firstValue("Docker-Content-Digest").map(Digest::parse);
  }

  private byte[] body(HttpResponse<InputStream> response, Reference wanted) {
    try (InputStream in = new StallGuard(response.body(), settings.stall())) {
      byte[] bytes = in.readNBytes(MAX_MANIFEST + 1);
      if (bytes.length > MAX_MANIFEST) {
        throw new Fault.InvalidArgument(
            "the manifest of "
                + wanted.familiar()
                + " has more than the "
                + MAX_MANIFEST
                + " bytes allowed");
      }
      return bytes;
    } catch (IOException e) {
      throw new Fault.Unavailable(
          "registry " + name.domain() + " breaks off in a manifest: " + e.getMessage(), e);
    }
  }

  /**
   * A blob from an offset on. After the line broke it goes on by itself.
   *
   * @param offset where to go on; the registry may start over, see {@link RemoteBlob#offset}
   * @throws Fault.NotFound when the repository has no such blob
   * @throws Fault.Unavailable when there is no answer
   */
  public RemoteBlob blob(Digest digest, long offset) {
    return anywhere(
        session -> blob(session.at("/blobs/" + digest), "blob " + digest, offset, session));
  }

  /**
   * The same of a blob whose size is known: a large one comes in ranges over several connections
   * where the registry allows it.
   */
  public RemoteBlob blob(Descriptor blob, long offset) {
    if (blob.size() - offset < RangedStream.LARGE) {
      return blob(blob.digest(), offset);
    }
    return anywhere(session -> ranged(session, blob, offset));
  }

  private RemoteBlob ranged(Session session, Descriptor blob, long offset) {
    URI at = session.at("/blobs/" + blob.digest());
    String what = "blob " + blob.digest();
    Opened first = open(at, what, range(offset, RangedStream.PIECE), session);
    if (!first.partial()) {
      return whole(at, what, first, session);
    }
    InputStream stream =
        new RangedStream(
            (from, length) -> piece(session, at, what, from, length, null),
            offset,
            blob.size(),
            piece(session, at, what, offset, RangedStream.PIECE, first.part()));
    return new RemoteBlob(stream, offset, OptionalLong.of(blob.size() - offset));
  }

  /** A piece, which goes on by itself after the line broke. */
  private InputStream piece(
      Session session,
      URI at,
      String what,
      long from,
      int length,
      ResumingStream.@Nullable Part begun) {
    ResumingStream.Source source =
        next -> open(at, what, range(next, (int) (from + length - next)), session).part();
    ResumingStream.Part first = begun == null ? source.open(from) : begun;
    ResumingStream stream =
        new ResumingStream(source, first, settings.retries(), session.endpoint().host());
    try {
      stream.skipNBytes(from - first.offset());
      return stream;
    } catch (IOException e) {
      throw new Fault.Unavailable(what + " breaks off: " + e.getMessage(), e);
    }
  }

  private static String range(long from, int length) {
    return "bytes=" + from + "-" + (from + length - 1);
  }

  /**
   * A blob that a descriptor says lies elsewhere ({@link Descriptor#urls}); nothing is shown there.
   *
   * @throws Fault.InvalidArgument when the address is not one of http or https
   */
  public RemoteBlob blobAt(URI address, long offset) {
    boolean web = "https".equals(address.getScheme()) || "http".equals(address.getScheme());
    if (!web || address.getHost() == null) {
      throw new Fault.InvalidArgument(
          "the layer of " + name.familiar() + " lies at " + address + ": want http or https");
    }
    // whichever session it is: only its patience counts, nothing of it is shown elsewhere
    return blob(address, "layer at " + address, offset, found.orElse(sessions.getLast()));
  }

  private RemoteBlob blob(URI at, String what, long offset, Session session) {
    return whole(at, what, open(at, what, from(offset), session), session);
  }

  private RemoteBlob whole(URI at, String what, Opened opened, Session session) {
    return new RemoteBlob(
        new ResumingStream(
            next -> open(at, what, from(next), session).part(),
            opened.part(),
            settings.retries(),
            session.endpoint().host()),
        opened.part().offset(),
        opened.length());
  }

  private static String from(long offset) {
    return offset > 0 ? "bytes=" + offset + "-" : "";
  }

  /**
   * @param partial whether the registry keeps to ranges
   */
  private record Opened(ResumingStream.Part part, OptionalLong length, boolean partial) {}

  /**
   * @param range of RFC 9110; empty for all
   */
  private Opened open(URI at, String what, String range, Session session) {
    HttpRequest.Builder request = HttpRequest.newBuilder().GET();
    if (!range.isEmpty()) {
      request.header("Range", range);
    }
    HttpResponse<InputStream> response = session.ask(request, at);
    int status = response.statusCode();
    if (status == 416 && !range.isEmpty()) {
      Transport.close(response); // the registry's blob is shorter than what is here: start over
      return open(at, what, "", session);
    }
    if (status != 200 && status != 206) {
      throw Failures.of(response, name, access, what);
    }
    long offset = status == 206 ? Long.parseLong(range.substring(6, range.indexOf('-'))) : 0;
    return new Opened(
        new ResumingStream.Part(new StallGuard(response.body(), settings.stall()), offset),
        response.headers().firstValueAsLong("Content-Length"),
        status == 206);
  }

  /**
   * Whether the repository has a blob.
   *
   * @throws Fault.Unauthenticated when credentials are refused, or there are none
   * @throws Fault.Forbidden when they do not suffice
   * @throws Fault.Unavailable when there is no answer
   */
  public boolean has(Digest blob) {
    return anywhere(session -> {
      HttpRequest.Builder request =
          HttpRequest.newBuilder().method("HEAD", HttpRequest.BodyPublishers.noBody());
      HttpResponse<InputStream> response = session.ask(request, session.at("/blobs/" + blob));
      if (response.statusCode() == 200 || response.statusCode() == 404) {
        Transport.close(response);
        return response.statusCode() == 200;
      }
      throw Failures.of(response, name, access, "blob " + blob);
    });
  }

  /** Sends a blob as below; an upload that is cut off begins anew in another process. */
  public Optional<String> send(
      Descriptor blob, BlobReader content, List<String> from, LongConsumer progress) {
    return send(blob, content, from, progress, UploadMemory.NONE);
  }

  /**
   * Sends a blob that the repository does not have. What was taken before the line broke is not
   * sent twice where the registry remembers it.
   *
   * @param blob type, digest and size
   * @param content its bytes
   * @param from paths of repositories of this registry that may have it
   * @param progress told the bytes sent so far
   * @param memory where an upload that was cut off goes on, if the registry still knows it
   * @return the repository that the registry took it from; empty where its bytes were sent
   * @throws Fault.Unauthenticated when credentials are refused, or there are none
   * @throws Fault.Forbidden when they do not suffice
   * @throws Fault.Unavailable when the registry fails, also after further attempts
   */
  public Optional<String> send(
      Descriptor blob,
      BlobReader content,
      List<String> from,
      LongConsumer progress,
      UploadMemory memory) {
    Session session = found.orElseGet(this::find);
    return new BlobUpload(session, name, blob, content, settings.retries(), progress, memory)
        .run(from);
  }

  /**
   * All tags, in the registry's order.
   *
   * @throws Fault.NotFound when there is no such repository
   * @throws Fault.ResourceExhausted when there are more than 100,000
   */
  public List<String> tags() {
    return anywhere(session -> new TagList(session, name, access).read());
  }

  /**
   * What says of itself that it is about a manifest: signatures, attestations, lists of contents.
   * Nothing of it is verified. A mirror that knows of none leaves the answer to the registry.
   *
   * @param artifactType only those; empty for all
   * @throws Fault.Unavailable when no endpoint answers
   * @throws Fault.ResourceExhausted when there are more than 10,000
   * @throws Fault.InvalidArgument when a page has more than 4 MiB or is no index
   */
  public List<Descriptor> referrers(Digest subject, Optional<String> artifactType) {
    return anywhere(session -> {
      List<Descriptor> found =
          new ReferrerList(session, name, access, settings.stall()).read(subject, artifactType);
      if (found.isEmpty() && session.endpoint().mirror()) {
        throw new Fault.NotFound("referrers", subject.toString(), "no referrers of " + subject);
      }
      return found;
    });
  }

  /**
   * Puts a manifest or an index under the reference's tag, or its digest if it has none. What it
   * names must be there.
   *
   * @return the digest that the registry has it under
   * @throws Fault.DataLoss when the registry has it under another digest
   */
  public Digest put(Reference to, Descriptor manifest, byte[] bytes) {
    String key = to.tag().orElseGet(() -> manifest.digest().toString());
    return anywhere(session -> {
      HttpRequest.Builder request =
          HttpRequest.newBuilder()
              .header("Content-Type", manifest.mediaType())
              .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes));
      HttpResponse<InputStream> response = session.ask(request, session.at("/manifests/" + key));
      if (response.statusCode() / 100 != 2) {
        throw Failures.of(response, to, access, "manifest");
      }
      Transport.close(response);
      Digest kept = contentDigest(response).orElse(manifest.digest());
      if (!kept.equals(manifest.digest())) {
        throw new Fault.DataLoss(
            "registry "
                + name.domain()
                + " keeps the manifest of "
                + to.familiar()
                + " as "
                + kept
                + ", not "
                + manifest.digest());
      }
      return kept;
    });
  }
}
