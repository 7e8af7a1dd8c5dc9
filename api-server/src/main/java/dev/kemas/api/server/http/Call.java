package dev.kemas.api.server.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import dev.kemas.api.ApiJson;
import dev.kemas.api.ApiVersion;
import dev.kemas.api.StreamType;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;

/** One request and the answer to it. For the one thread that handles it. */
public final class Call {
  /** A body of JSON may not be longer, in bytes. */
  static final int LARGEST_BODY = 8 * 1024 * 1024;

  private final Request request;
  private final Response response;
  private final ApiVersion version;
  private final Map<String, String> variables;
  private final Query query;

  Call(
      Request request,
      Response response,
      ApiVersion version,
      Map<String, String> variables,
      Query query) {
    this.request = request;
    this.response = response;
    this.version = version;
    this.variables = variables;
    this.query = query;
  }

  /** What has a connection for itself. */
  @FunctionalInterface
  public interface Session {
    /** Runs on a thread of its own; the connection is closed when it returns. */
    void run(RawStream stream) throws Exception;
  }

  /** The version the client speaks. */
  public ApiVersion version() {
    return version;
  }

  /** The value of a variable of the route's pattern. */
  public String variable(String name) {
    return Objects.requireNonNull(variables.get(name), name);
  }

  /** The parameters behind the question mark. */
  public Query query() {
    return query;
  }

  /** A header of the request. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(request.getHeaders().get(name));
  }

  /**
   * Reads the body as JSON.
   *
   * @throws Fault.InvalidArgument when it is missing, too long, not JSON or of another shape; the
   *     message names the field
   */
  public <T> T body(Class<T> type) throws IOException {
    return bodyIfAny(type)
        .orElseThrow(
            () -> new Fault.InvalidArgument("invalid JSON: got EOF while reading request body"));
  }

  /** The same for a request that may have none. */
  public <T> Optional<T> bodyIfAny(Class<T> type) throws IOException {
    InputStream in = body();
    byte[] bytes = in.readNBytes(LARGEST_BODY + 1);
    if (bytes.length > LARGEST_BODY) {
      // a client that is still sending would not see the answer
      in.readNBytes(3 * LARGEST_BODY);
      throw new Fault.InvalidArgument("the request body is larger than " + LARGEST_BODY + " bytes");
    }
    if (bytes.length == 0) {
      return Optional.empty();
    }
    String contentType = header("Content-Type").orElse("");
    if (!contentType.isEmpty()
        && !contentType.split(";", 2)[0].strip().equals("application/json")) {
      throw new Fault.InvalidArgument(
          "unsupported Content-Type header (" + contentType + "): must be 'application/json'");
    }
    try {
      return Optional.ofNullable(Json.mapper().readerFor(type).readValue(bytes));
    } catch (MismatchedInputException e) {
      throw new Fault.InvalidArgument(
          "invalid JSON: " + path(e) + e.getOriginalMessage().split("\n", 2)[0], e);
    } catch (JsonMappingException e) {
      if (e.getCause() instanceof Fault fault) {
        throw fault;
      }
      throw new Fault.InvalidArgument("invalid JSON: " + path(e) + e.getOriginalMessage(), e);
    } catch (JacksonException e) {
      throw new Fault.InvalidArgument("invalid JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static String path(JsonMappingException e) {
    String path =
        e.getPath().stream()
            .map(r -> r.getFieldName() == null ? "[" + r.getIndex() + "]" : r.getFieldName())
            .collect(Collectors.joining("."));
    return path.isEmpty() ? "" : "field \"" + path + "\": ";
  }

  /** All values of a header. */
  public List<String> headers(String name) {
    return request.getHeaders().getValuesList(name);
  }

  /** The body as it comes. */
  public InputStream body() {
    return Content.Source.asInputStream(request);
  }

  /** Sets a header of the answer. */
  public Call with(String header, String value) {
    response.getHeaders().put(header, value);
    return this;
  }

  /** Answers 200 and a value. */
  public void json(Object value) throws IOException {
    json(200, value);
  }

  /** Answers a status and a value. */
  public void json(int status, Object value) throws IOException {
    byte[] body = ApiJson.write(value);
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    Content.Sink.write(response, true, ByteBuffer.wrap(body));
  }

  /** Answers a short text. */
  public void text(int status, String text) throws IOException {
    ByteBuffer body = BufferUtil.toBuffer(text, java.nio.charset.StandardCharsets.UTF_8);
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.remaining());
    Content.Sink.write(response, true, body);
  }

  /** Answers a status without a body. */
  public void status(int status) throws IOException {
    response.setStatus(status);
    Content.Sink.write(response, true, BufferUtil.EMPTY_BUFFER);
  }

  /**
   * Answers 200 and bytes as they are written, each write sent at once. The headers are sent before
   * this returns, so a fault that should have a status must be thrown earlier.
   */
  public OutputStream stream(String contentType) throws IOException {
    response.setStatus(200);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
    Content.Sink.write(response, false, BufferUtil.EMPTY_BUFFER);
    return Content.Sink.asOutputStream(response);
  }

  /** Whether the headers of the answer are sent. */
  public boolean answered() {
    return response.isCommitted();
  }

  /**
   * Watches whether the client stays. A client that sends anything more counts as gone, so this is
   * for answers after which the connection ends.
   */
  public ClientWatch watchClient() {
    if (!response.isCommitted()) {
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
      if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1) {
        // else the end of the answer could not be told from a broken connection
        response.getHeaders().put(HttpHeader.TRANSFER_ENCODING, "chunked");
      }
    }
    return new ClientWatch(endPoint());
  }

  /**
   * Answers 101 and gives the connection to the session; to a client that did not ask for an
   * upgrade, 200 and the session's output as the body. The body of the request must have been read.
   *
   * @param multiplexed whether the session writes frames
   */
  public void takeOver(boolean multiplexed, Session session) throws IOException {
    String type = multiplexed && version.atLeast(42) ? StreamType.MULTIPLEXED : StreamType.RAW;
    if (header("Upgrade").isEmpty()) {
      response.getHeaders().put(HttpHeader.CONNECTION, "close");
      try (OutputStream body = stream(type)) {
        session.run(new AnswerStream(body));
      } catch (IOException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException("a stream ended early: " + e.getMessage(), e);
      }
      return;
    }
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    response.setStatus(101);
    response.getHeaders().put(HttpHeader.CONNECTION, "Upgrade");
    response.getHeaders().put(HttpHeader.UPGRADE, "tcp");
    TakenOver connection =
        new TakenOver(
            endPoint(), request.getConnectionMetaData().getConnector().getExecutor(), session);
    request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, connection);
    Content.Sink.write(response, true, BufferUtil.EMPTY_BUFFER);
  }

  /**
   * Answers 101 and has the connection speak something else from here on.
   *
   * @param protocol as the client asked for it
   * @param made what takes the connection over
   */
  public void upgrade(String protocol, BiFunction<Connector, EndPoint, Connection> made)
      throws IOException {
    response.setStatus(101);
    response.getHeaders().put(HttpHeader.CONNECTION, "Upgrade");
    response.getHeaders().put(HttpHeader.UPGRADE, protocol);
    Connector connector = request.getConnectionMetaData().getConnector();
    request.setAttribute(
        HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, made.apply(connector, endPoint()));
    Content.Sink.write(response, true, BufferUtil.EMPTY_BUFFER);
  }

  private EndPoint endPoint() {
    return request.getConnectionMetaData().getConnection().getEndPoint();
  }
}
