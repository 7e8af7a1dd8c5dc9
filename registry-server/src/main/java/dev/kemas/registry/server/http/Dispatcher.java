package dev.kemas.registry.server.http;

import dev.kemas.registry.server.auth.Action;
import dev.kemas.registry.server.auth.Gate;
import dev.kemas.registry.server.cache.PullThrough;
import dev.kemas.registry.server.repository.Blobs;
import dev.kemas.registry.server.repository.Catalog;
import dev.kemas.registry.server.repository.ErrorCode;
import dev.kemas.registry.server.repository.Manifests;
import dev.kemas.registry.server.repository.Refusal;
import dev.kemas.registry.server.repository.Uploads;
import dev.kemas.registry.server.watch.AuditLog;
import dev.kemas.registry.server.watch.Metrics;
import dev.kemas.registry.server.watch.Seen;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out what a request is about, has it answered, and turns refusals into error bodies. */
public final class Dispatcher extends Handler.Abstract {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
  private static final Gate.Visitor NOBODY =
      new Gate.Visitor(Optional.empty(), Optional.empty(), "", false);

  private final Parts parts;
  private final BlobHandler blobs;
  private final UploadHandler uploads;
  private final ManifestHandler manifests;
  private final ListHandler lists;
  private final OtherHandler others;

  /**
   * What answers.
   *
   * @param cache of another registry
   * @param readOnly why nothing may be changed; empty where it may
   * @param product for the {@code Server} header, such as {@code Kemas/0.1.0}
   */
  public record Parts(
      Blobs blobs,
      Uploads uploads,
      Manifests manifests,
      Catalog catalog,
      Gate gate,
      Metrics metrics,
      Optional<AuditLog> audit,
      Optional<PullThrough> cache,
      Optional<String> readOnly,
      String product) {}

  public Dispatcher(Parts parts) {
    this.parts = parts;
    this.blobs = new BlobHandler(parts.blobs(), parts.cache());
    this.uploads = new UploadHandler(parts.uploads(), parts.blobs());
    this.manifests = new ManifestHandler(parts.manifests(), parts.cache());
    this.lists = new ListHandler(parts.manifests(), parts.catalog(), parts.gate());
    this.others = new OtherHandler(parts.gate(), parts.metrics());
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    long begin = System.nanoTime();
    parts.metrics().begins();
    putHeaders(response);
    Visit visit = new Visit();
    try {
      answer(request, response, visit);
      seen(request, response, visit, begin);
      callback.succeeded();
    } catch (EofException e) {
      LOG.debug("{} {}: the client went away", request.getMethod(), request.getHttpURI());
      seen(request, response, visit, begin);
      callback.failed(e);
    } catch (Exception e) {
      fail(request, response, callback, e);
      seen(request, response, visit, begin);
    }
    return true;
  }

  /** What was found out about a request. */
  private static final class Visit {
    private Optional<Route> route = Optional.empty();
    private Gate.Visitor visitor = NOBODY;
  }

  private void putHeaders(Response response) {
    response.getHeaders().put("Server", parts.product());
    response.getHeaders().put("Docker-Distribution-Api-Version", "registry/2.0");
    // an answer is never what another type of content would make of it
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
  }

  private void seen(Request request, Response response, Visit visit, long begin) {
    Seen seen =
        new Seen(
            Request.getRemoteAddr(request),
            visit.visitor.user(),
            request.getMethod(),
            visit.route.map(Route::what).orElse("none"),
            visit.route.flatMap(Dispatcher::repository),
            visit.route.flatMap(Route::reference),
            response.getStatus(),
            Request.getContentBytesRead(request),
            Response.getContentBytesWritten(response),
            Duration.ofNanos(System.nanoTime() - begin));
    parts.metrics().ends(seen);
    parts.audit().ifPresent(log -> log.add(seen));
  }

  private static Optional<String> repository(Route route) {
    return route instanceof Route.OfRepository of
        ? Optional.of(of.name().text())
        : Optional.empty();
  }

  private void answer(Request request, Response response, Visit visit) throws IOException {
    String path = Exchange.path(request);
    Route route =
        Route.parse(path).orElseThrow(() -> new NoSuchPage("404 page not found: " + path));
    visit.route = Optional.of(route);
    Exchange exchange = new Exchange(request, response);
    if (route instanceof Route.Token) {
      others.token(exchange);
      return;
    }
    visit.visitor = parts.gate().visitor(exchange.header("Authorization"), exchange.origin());
    switch (route) {
      case Route.OfRepository of -> ofRepository(of, exchange, visit.visitor);
      default -> {
        if (!exchange.isGet()) {
          throw unsupported(exchange);
        }
        if (!(route instanceof Route.Ping)) {
          parts.gate().requireKnown(visit.visitor);
        }
        general(route, exchange, visit.visitor);
      }
    }
  }

  private void general(Route route, Exchange exchange, Gate.Visitor visitor) throws IOException {
    switch (route) {
      case Route.Base _ -> exchange.json(200, Exchange.JSON, Map.of());
      case Route.Catalog _ -> lists.catalog(exchange, visitor);
      case Route.Search _ -> lists.search(exchange, visitor);
      case Route.Metrics _ -> others.metrics(exchange);
      default -> others.ping(exchange);
    }
  }

  private void ofRepository(Route.OfRepository route, Exchange exchange, Gate.Visitor visitor)
      throws IOException {
    boolean get = exchange.isGet();
    boolean upload = route instanceof Route.Upload || route instanceof Route.Uploads;
    boolean delete = exchange.method().equals("DELETE") && !upload;
    Action action = delete ? Action.DELETE : get && !upload ? Action.PULL : Action.PUSH;
    parts.gate().require(visitor, route.name(), action);
    if (action != Action.PULL && parts.readOnly().isPresent()) {
      throw new Refusal(ErrorCode.UNSUPPORTED, parts.readOnly().get());
    }
    switch (route) {
      case Route.Tags tags when get -> lists.tags(exchange, tags.name());
      case Route.Referrers of when get -> manifests.referrers(exchange, of.name(), of.digest());
      case Route.Manifest m -> manifest(exchange, m);
      case Route.Blob b when get -> blobs.get(exchange, b.name(), b.digest());
      case Route.Blob b when delete -> blobs.delete(exchange, b.name(), b.digest());
      case Route.Uploads u when exchange.method().equals("POST") ->
          uploads.start(
              exchange, u.name(), from -> parts.gate().allows(visitor, from, Action.PULL));
      case Route.Upload u -> upload(exchange, u);
      default -> throw unsupported(exchange);
    }
  }

  private void manifest(Exchange exchange, Route.Manifest route) throws IOException {
    switch (exchange.method()) {
      case "GET", "HEAD" -> manifests.get(exchange, route.name(), route.tagOrDigest());
      case "PUT" -> manifests.put(exchange, route.name(), route.tagOrDigest());
      case "DELETE" -> manifests.delete(exchange, route.name(), route.tagOrDigest());
      default -> throw unsupported(exchange);
    }
  }

  private void upload(Exchange exchange, Route.Upload route) throws IOException {
    switch (exchange.method()) {
      case "GET", "HEAD" -> uploads.status(exchange, route.name(), route.id());
      case "PATCH" -> uploads.append(exchange, route.name(), route.id());
      case "PUT" -> uploads.finish(exchange, route.name(), route.id());
      case "DELETE" -> uploads.cancel(exchange, route.name(), route.id());
      default -> throw unsupported(exchange);
    }
  }

  private static Refusal unsupported(Exchange exchange) {
    return new Refusal(
        ErrorCode.UNSUPPORTED, "the method " + exchange.method() + " is not supported here");
  }

  private void fail(Request request, Response response, Callback callback, Exception e) {
    Failure failure = Failure.of(e);
    if (failure.status() == 500) {
      LOG.error("{} {}: {}", request.getMethod(), request.getHttpURI(), failure.message(), e);
    } else if (failure.status() > 500) {
      LOG.warn("{} {}: {}", request.getMethod(), request.getHttpURI(), failure.message());
    } else {
      LOG.debug("{} {}: {}", request.getMethod(), request.getHttpURI(), failure.message());
    }
    if (response.isCommitted()) {
      callback.failed(e);
      return;
    }
    try {
      failure.keepHeaders(response);
      putHeaders(response);
      failure.send(response, callback);
    } catch (RuntimeException second) {
      second.addSuppressed(e);
      callback.failed(second);
    }
  }

  /** A path that is none of the API's. */
  static final class NoSuchPage extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoSuchPage(String message) {
      super(message);
    }

    /** The text. */
    String text() {
      return Optional.ofNullable(getMessage()).orElse("404 page not found");
    }
  }
}
