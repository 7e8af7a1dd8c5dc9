package dev.kemas.registry.client;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** HTTP to registries: clients made when they are first needed. Thread-safe. */
final class Transport {
  private static final int MAX_REDIRECTS = 5;

  /** How long a registry may think about an answer. */
  private static final Duration HEADERS = Duration.ofSeconds(30);

  static {
    // read once, by the first client there is: Java shows a proxy no Basic credentials for a tunnel
    // unless this is empty (java.net.http, module description)
    System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
  }

  private final RegistrySettings settings;
  private final Map<String, String> environment;
  private final EnvironmentProxy proxy;
  private final Map<Kind, HttpClient> clients = new ConcurrentHashMap<>();

  /** What a client for a registry is made with; files put there later make another one. */
  private record Kind(boolean verified, List<Path> folders, List<Long> changedAt) {}

  Transport(RegistrySettings settings, Map<String, String> environment) {
    this.settings = settings;
    this.environment = environment;
    this.proxy = new EnvironmentProxy(environment);
  }

  /** The folders make the difference: most registries share one client. */
  private HttpClient client(boolean verified, URI to) {
    List<Path> folders = Trust.folders(to.getAuthority(), settings.certificates());
    List<Long> changedAt = folders.stream().map(f -> f.toFile().lastModified()).toList();
    Kind kind = new Kind(verified, folders, changedAt);
    return clients.computeIfAbsent(kind, this::made);
  }

  private HttpClient made(Kind kind) {
    return HttpClient.newBuilder()
        // one connection a blob: several blobs share no window and no lost packet
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(settings.connectTimeout())
        .followRedirects(HttpClient.Redirect.NEVER)
        .proxy(proxy)
        .sslContext(Trust.of(kind.verified(), kind.folders(), environment))
        .build();
  }

  /**
   * Sends a request, following redirects; credentials go to no other host.
   *
   * @throws Fault.Unavailable when there is no answer, with the host and the cause
   */
  HttpResponse<InputStream> send(
      Endpoint endpoint, HttpRequest.Builder request, URI to, Optional<String> authorization) {
    return follow(
        request,
        to,
        authorization,
        one -> {
          HttpRequest built = one.timeout(HEADERS).build();
          return settings.retries().run(built, () -> exchange(endpoint, built));
        });
  }

  /**
   * The same with a body that may take as long as it likes, as long as it moves. It is sent once:
   * who sends it knows where to go on.
   */
  HttpResponse<InputStream> send(
      Endpoint endpoint,
      HttpRequest.Builder request,
      URI to,
      Optional<String> authorization,
      SentBody body) {
    return follow(
        request,
        to,
        authorization,
        one -> {
          body.start();
          return exchange(endpoint, one.build(), body);
        });
  }

  private interface Exchange {
    HttpResponse<InputStream> of(HttpRequest.Builder request);
  }

  private HttpResponse<InputStream> follow(
      HttpRequest.Builder request, URI to, Optional<String> authorization, Exchange exchange) {
    URI at = to;
    for (int i = 0; i <= MAX_REDIRECTS; i++) {
      HttpRequest.Builder one = request.copy().uri(at);
      if (authorization.isPresent() && at.getAuthority().equals(to.getAuthority())) {
        one.header("Authorization", authorization.get());
      }
      // goes to the proxy only, also where it is asked for a tunnel
      proxy.authorization(at).ifPresent(shown -> one.header("Proxy-Authorization", shown));
      HttpResponse<InputStream> response = exchange.of(one);
      if (response.statusCode() == 407) {
        // the answer to a refused tunnel has no body to be closed
        throw new Fault.Unavailable(
            "the proxy before registry "
                + at.getAuthority()
                + " answers 407: give name and password in HTTP_PROXY and HTTPS_PROXY, as"
                + " http://USER:PASSWORD@HOST:PORT");
      }
      Optional<URI> next = redirect(response, at);
      if (next.isEmpty()) {
        return response;
      }
      close(response);
      if (at.getScheme().equals("https") && !next.get().getScheme().equals("https")) {
        throw new Fault.Unavailable(
            "registry " + to.getAuthority() + " redirects from https to plain http: refused");
      }
      at = next.get();
    }
    throw new Fault.Unavailable("registry " + to.getAuthority() + " redirects without end");
  }

  private static Optional<URI> redirect(HttpResponse<InputStream> response, URI at) {
    String method = response.request().method();
    boolean reads = method.equals("GET") || method.equals("HEAD");
    return switch (response.statusCode()) {
      case 307, 308 -> location(response, at);
      case 301, 302, 303 -> reads ? location(response, at) : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** Where an answer points to. */
  static Optional<URI> location(HttpResponse<InputStream> response, URI at) {
    Optional<String> text = response.headers().firstValue("Location");
    try {
      Optional<URI> next = text.map(l -> at.resolve(URI.create(l)));
      if (next.isPresent() && next.get().getAuthority() == null) {
        throw new IllegalArgumentException("no host in " + next.get());
      }
      return next;
    } catch (IllegalArgumentException e) {
      throw new Fault.Unavailable(
          "registry " + at.getAuthority() + " sends a malformed Location: " + e.getMessage(), e);
    }
  }

  private HttpResponse<InputStream> exchange(Endpoint endpoint, HttpRequest request) {
    try {
      return client(endpoint.verified(), request.uri())
          .send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new Fault.Unavailable(
          "cannot reach registry " + request.uri().getAuthority() + ": " + cause(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault.Cancelled("interrupted while asking " + request.uri().getAuthority());
    }
  }

  private HttpResponse<InputStream> exchange(
      Endpoint endpoint, HttpRequest request, SentBody body) {
    CompletableFuture<HttpResponse<InputStream>> coming =
        client(endpoint.verified(), request.uri())
            .sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
    try {
      while (true) {
        try {
          return coming.get(1, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
          if (System.nanoTime() - body.movedAt() > settings.stall().toNanos()) {
            throw new Fault.Unavailable(
                "registry "
                    + request.uri().getAuthority()
                    + " takes no bytes for "
                    + settings.stall().toSeconds()
                    + " s",
                e);
          }
        }
      }
    } catch (ExecutionException e) {
      IOException cause =
          e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
      throw new Fault.Unavailable(
          "cannot reach registry " + request.uri().getAuthority() + ": " + cause(cause), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault.Cancelled("interrupted while sending to " + request.uri().getAuthority());
    } finally {
      coming.cancel(true);
    }
  }

  private String cause(IOException e) {
    if (e instanceof HttpTimeoutException) {
      return "no answer within " + settings.connectTimeout().toSeconds() + " s";
    }
    if (e instanceof ConnectException) {
      return has(e, UnresolvedAddressException.class) || has(e, UnknownHostException.class)
          ? "its name cannot be resolved: check the name, the DNS and HTTPS_PROXY"
          : "connection refused";
    }
    if (e instanceof SSLException) {
      return e.getMessage()
          + ": put its authority into /etc/docker/certs.d/HOST:PORT/ca.crt or among the host's"
          + " certificates, or the registry among the insecure ones";
    }
    return String.valueOf(e.getMessage());
  }

  private static boolean has(Throwable e, Class<? extends Throwable> type) {
    for (Throwable at = e; at != null; at = at.getCause()) {
      if (type.isInstance(at)) {
        return true;
      }
    }
    return false;
  }

  /** Gives an answer's connection free. */
  static void close(HttpResponse<InputStream> response) {
    try (InputStream body = response.body()) {
      body.skipNBytes(Math.min(body.available(), 4096));
    } catch (IOException e) {
      // the answer is of no interest any more, and its connection is gone with it
      return;
    }
  }
}
