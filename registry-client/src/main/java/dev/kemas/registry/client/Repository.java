package dev.kemas.registry.client;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.MediaType;
import dev.kemas.oci.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * One repository, asked where it is found: at the mirrors first, then at the registry itself.
 * Thread-safe; made for one piece of work.
 */
public final class Repository {
  /** What a registry must accept at least as a manifest; more is refused (distribution-spec). */
  public static final int MAX_MANIFEST = 4 << 20;

  private static final Duration STALL = Duration.ofSeconds(60);
  private static final String ACCEPT =
      String.join(
          ", ",
          MediaType.OCI_INDEX,
          MediaType.OCI_MANIFEST,
          MediaType.DOCKER_INDEX,
          MediaType.DOCKER_MANIFEST);

  private final Transport transport;
  private final Reference name;
  private final RegistryLogin login;
  private final List<Endpoint> endpoints;
  private final ConcurrentHashMap<Endpoint, Authorizer> authorizers = new ConcurrentHashMap<>();
  private final BiConsumer<Reference, Endpoint> answered;
  private volatile Optional<Endpoint> found = Optional.empty();

  Repository(
      Transport transport,
      Reference name,
      RegistryLogin login,
      List<Endpoint> endpoints,
      BiConsumer<Reference, Endpoint> answered) {
    this.answered = answered;
    this.transport = transport;
    this.name = name;
    this.login = login;
    this.endpoints = endpoints;
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
    Fault last = new Fault.Unavailable("no endpoint is known for " + name.domain());
    for (Endpoint endpoint : found.map(List::of).orElse(endpoints)) {
      try {
        RemoteManifest manifest = manifest(endpoint, key, wanted);
        found = Optional.of(endpoint);
        answered.accept(name, endpoint);
        return manifest;
      } catch (Fault.Unavailable | Fault.ResourceExhausted e) {
        last = e;
      } catch (Fault.NotFound | Fault.Unauthenticated e) {
        if (!endpoint.mirror()) {
          throw e;
        }
        last = e;
      }
    }
    throw last;
  }

  private RemoteManifest manifest(Endpoint endpoint, String key, Reference wanted) {
    HttpRequest.Builder request = HttpRequest.newBuilder().GET().header("Accept", ACCEPT);
    HttpResponse<InputStream> response = ask(endpoint, request, "/manifests/" + key);
    if (response.statusCode() != 200) {
      throw Failures.of(response, wanted, "manifest");
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
    return new RemoteManifest(Descriptor.of(type, promised.orElse(digest), bytes.length), bytes);
  }

  private static boolean matches(Digest promised, byte[] bytes) {
    return java.util.HexFormat.of()
        .formatHex(promised.hasher().digest(bytes))
        .equals(promised.hex());
  }

  private static Optional<Digest> contentDigest(HttpResponse<InputStream> response) {
    return response.headers().firstValue("Docker-Content-Digest").map(Digest::parse);
  }

  private byte[] body(HttpResponse<InputStream> response, Reference wanted) {
    try (InputStream in = new StallGuard(response.body(), STALL)) {
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
   * A blob from an offset on.
   *
   * @param offset where to go on; the registry may start over, see {@link RemoteBlob#offset}
   * @throws Fault.NotFound when the repository has no such blob
   * @throws Fault.Unavailable when there is no answer
   */
  public RemoteBlob blob(Digest digest, long offset) {
    Endpoint endpoint = found.orElse(endpoints.getLast());
    HttpRequest.Builder request = HttpRequest.newBuilder().GET();
    if (offset > 0) {
      request.header("Range", "bytes=" + offset + "-");
    }
    HttpResponse<InputStream> response = ask(endpoint, request, "/blobs/" + digest);
    int status = response.statusCode();
    if (status != 200 && status != 206) {
      throw Failures.of(response, name, "blob " + digest);
    }
    OptionalLong length = response.headers().firstValueAsLong("Content-Length");
    return new RemoteBlob(
        new StallGuard(response.body(), STALL), status == 206 ? offset : 0, length);
  }

  private HttpResponse<InputStream> ask(
      Endpoint endpoint, HttpRequest.Builder request, String path) {
    Authorizer authorizer =
        authorizers.computeIfAbsent(endpoint, e -> new Authorizer(transport, e, name, login));
    java.net.URI to = endpoint.resolve("/v2/" + name.path() + path);
    HttpResponse<InputStream> response = transport.send(endpoint, request, to, authorizer.header());
    if (response.statusCode() == 401 && authorizer.answer(response)) {
      Transport.close(response);
      return transport.send(endpoint, request, to, authorizer.header());
    }
    return response;
  }
}
