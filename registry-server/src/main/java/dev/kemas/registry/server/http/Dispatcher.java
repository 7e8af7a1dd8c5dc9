package dev.kemas.registry.server.http;

import dev.kemas.registry.server.repository.Blobs;
import dev.kemas.registry.server.repository.ErrorCode;
import dev.kemas.registry.server.repository.Manifests;
import dev.kemas.registry.server.repository.Refusal;
import dev.kemas.registry.server.repository.Uploads;
import java.io.IOException;
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
  private final BlobHandler blobs;
  private final UploadHandler uploads;
  private final ManifestHandler manifests;
  private final ListHandler lists;
  private final String product;

  /**
   * @param product for the {@code Server} header, such as {@code Kemas/0.1.0}
   */
  public Dispatcher(Blobs blobs, Uploads uploads, Manifests manifests, String product) {
    this.blobs = new BlobHandler(blobs);
    this.uploads = new UploadHandler(uploads, blobs);
    this.manifests = new ManifestHandler(manifests);
    this.lists = new ListHandler(manifests);
    this.product = product;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    putHeaders(response);
    try {
      answer(request, response);
      callback.succeeded();
    } catch (EofException e) {
      LOG.debug("{} {}: the client went away", request.getMethod(), request.getHttpURI());
      callback.failed(e);
    } catch (Exception e) {
      fail(request, response, callback, e);
    }
    return true;
  }

  private void putHeaders(Response response) {
    response.getHeaders().put("Server", product);
    response.getHeaders().put("Docker-Distribution-Api-Version", "registry/2.0");
    // an answer is never what another type of content would make of it
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
  }

  private void answer(Request request, Response response) throws IOException {
    String path = Exchange.path(request);
    Route route =
        Route.parse(path).orElseThrow(() -> new NoSuchPage("404 page not found: " + path));
    answer(route, new Exchange(request, response));
  }

  private void answer(Route route, Exchange exchange) throws IOException {
    boolean get = exchange.method().equals("GET") || exchange.isHead();
    switch (route) {
      case Route.Base _ when get -> exchange.json(200, Exchange.JSON, Map.of());
      case Route.Catalog _ when get -> lists.catalog(exchange);
      case Route.Tags tags when get -> lists.tags(exchange, tags.name());
      case Route.Referrers of when get -> manifests.referrers(exchange, of.name(), of.digest());
      case Route.Manifest m -> manifest(exchange, m, get);
      case Route.Blob b when get -> blobs.get(exchange, b.name(), b.digest());
      case Route.Blob b when exchange.method().equals("DELETE") ->
          blobs.delete(exchange, b.name(), b.digest());
      case Route.Uploads u when exchange.method().equals("POST") ->
          uploads.start(exchange, u.name(), from -> true);
      case Route.Upload u -> upload(exchange, u);
      default -> throw unsupported(exchange);
    }
  }

  private void manifest(Exchange exchange, Route.Manifest route, boolean get) throws IOException {
    switch (exchange.method()) {
      case "PUT" -> manifests.put(exchange, route.name(), route.reference());
      case "DELETE" -> manifests.delete(exchange, route.name(), route.reference());
      default -> {
        if (!get) {
          throw unsupported(exchange);
        }
        manifests.get(exchange, route.name(), route.reference());
      }
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
    if (failure.isOurs()) {
      LOG.error("{} {}: {}", request.getMethod(), request.getHttpURI(), failure.message(), e);
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
