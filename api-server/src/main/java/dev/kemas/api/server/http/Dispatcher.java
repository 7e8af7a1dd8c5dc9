package dev.kemas.api.server.http;

import dev.kemas.api.ApiJson;
import dev.kemas.api.ApiVersion;
import dev.kemas.api.ErrorBody;
import dev.kemas.fault.Fault;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the version off the path, finds the route, and turns faults into answers. */
public final class Dispatcher extends Handler.Abstract {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
  private static final Pattern VERSIONED = Pattern.compile("/v([0-9][0-9.]*)(/.*)");
  private final RouteTable routes;
  private final Map<String, String> headers;

  /**
   * @param headers what every answer carries
   */
  public Dispatcher(RouteTable routes, Map<String, String> headers) {
    this.routes = routes;
    this.headers = headers;
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

  private void answer(Request request, Response response) throws Exception {
    String path = decode(Optional.ofNullable(request.getHttpURI().getPath()).orElse("/"));
    ApiVersion version = ApiVersion.MAX;
    Matcher versioned = VERSIONED.matcher(path);
    if (versioned.matches()) {
      version = ApiVersion.parse(versioned.group(1)).requireSupported();
      path = versioned.group(2);
    }
    Optional<RouteTable.Match> match = routes.find(request.getMethod(), path);
    if (match.isEmpty()) {
      throw new Fault.NotFound("page", path, "page not found");
    }
    Query query = Query.parse(Optional.ofNullable(request.getHttpURI().getQuery()).orElse(""));
    LOG.debug("{} {}", request.getMethod(), request.getHttpURI().getPathQuery());
    match
        .get()
        .handler()
        .handle(new Call(request, response, version, match.get().variables(), query));
  }

  private void putHeaders(Response response) {
    headers.forEach((name, value) -> response.getHeaders().put(name, value));
  }

  private static String decode(String path) {
    try {
      // a plus sign stands for itself in a path
      return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new Fault.InvalidArgument("invalid URL escape in the path: \"" + path + "\"", e);
    }
  }

  private void fail(Request request, Response response, Callback callback, Exception e) {
    Fault fault = HttpErrors.asFault(e);
    int status = HttpErrors.status(fault);
    if (status == 500) {
      LOG.error("{} {}: {}", request.getMethod(), request.getHttpURI(), fault.getMessage(), e);
    } else {
      LOG.debug("{} {}: {}", request.getMethod(), request.getHttpURI(), fault.getMessage());
    }
    if (response.isCommitted()) {
      callback.failed(e);
      return;
    }
    try {
      response.reset();
      putHeaders(response);
      response.setStatus(status);
      if (status == 304) {
        response.write(true, ByteBuffer.allocate(0), callback);
        return;
      }
      byte[] body = ApiJson.write(new ErrorBody(fault.getMessage()));
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
      response.write(true, ByteBuffer.wrap(body), callback);
    } catch (RuntimeException second) {
      second.addSuppressed(e);
      callback.failed(second);
    }
  }
}
