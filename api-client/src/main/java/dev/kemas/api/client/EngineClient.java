package dev.kemas.api.client;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * A client of one engine. Requests may be sent from several threads; each that is under way has a
 * connection of its own, and connections are kept for the next request.
 *
 * <p>The API version is the newest that both sides speak. It costs no extra round trip with a new
 * server: the first request carries {@value ApiVersion#NEWEST}, and only if the server says that
 * this is too new it is sent again with the server's own version. A request that cannot be sent
 * twice asks {@code /_ping} first.
 *
 * <p>Faults: {@link Fault.Unavailable} when nothing answers or the connection breaks, {@link
 * Fault.Forbidden} for a socket that may not be opened, else the one that the answer's status
 * stands for, with the message that the docker command would show.
 */
public final class EngineClient implements AutoCloseable {
  private final Endpoint endpoint;
  private final Deque<Connection> idle = new ArrayDeque<>();
  private volatile String version;
  private volatile boolean negotiated;

  private EngineClient(Endpoint endpoint, Optional<String> pinned) {
    this.endpoint = endpoint;
    this.version = pinned.orElse(ApiVersion.NEWEST);
    this.negotiated = pinned.isPresent();
  }

  /** A client that agrees with the server on the version. Nothing is connected yet. */
  public static EngineClient of(Endpoint endpoint) {
    return new EngineClient(endpoint, Optional.empty());
  }

  /** A client that speaks this version only. */
  public static EngineClient pinned(Endpoint endpoint, String version) {
    return new EngineClient(endpoint, Optional.of(version));
  }

  /** Where the engine listens. */
  public Endpoint endpoint() {
    return endpoint;
  }

  /** The version in use; before the first answer, the newest. */
  public String apiVersion() {
    return version;
  }

  /** The newest version that this client speaks. */
  public static String newestApiVersion() {
    return ApiVersion.NEWEST;
  }

  /** Connects now, so that a socket nobody listens on is known; the next request uses it. */
  public void connect() {
    giveBack(Connection.open(endpoint));
  }

  /** Asks for a sign of life and agrees on the version. */
  public void ping() {
    try (Response pong = send(Request.head("/_ping").unversioned())) {
      agree(pong.header("api-version"));
    }
  }

  /** Sends a request; an answer with an error status comes as a fault. */
  public Response send(Request request) {
    boolean once = request.stream().isPresent();
    if (once && !negotiated) {
      ping();
    }
    Exchange exchange = exchange(request, false);
    if (isTooNew(exchange, request) && !once) {
      agree(exchange.head.header("api-version"));
      exchange.discard();
      exchange = exchange(request, false);
    }
    return exchange.response();
  }

  /** Sends a request and reads its answer to the end as one JSON value. */
  public Json json(Request request) {
    return send(request).json();
  }

  /** Sends a request and throws its answer away. */
  public void done(Request request) {
    send(request).text();
  }

  /**
   * Sends a request that takes the connection over (attach, exec start). Its answer is 101, or 200
   * from older servers.
   */
  public Hijacked hijack(Request request) {
    Exchange exchange = exchange(request, true);
    if (isTooNew(exchange, request)) {
      agree(exchange.head.header("api-version"));
      exchange.discard();
      exchange = exchange(request, true);
    }
    return exchange.hijacked();
  }

  private boolean isTooNew(Exchange exchange, Request request) {
    String theirs = exchange.head.header("api-version");
    return !negotiated
        && request.isVersioned()
        && exchange.head.status() == 400
        && !theirs.isEmpty()
        && ApiVersion.isOlder(theirs, version);
  }

  private void agree(String theirs) {
    if (negotiated) {
      return;
    }
    if (!theirs.isEmpty() && ApiVersion.isOlder(theirs, version)) {
      version = theirs;
    }
    negotiated = true;
  }

  private Exchange exchange(Request request, boolean upgrade) {
    Optional<Connection> kept = upgrade ? Optional.empty() : takeIdle();
    if (kept.isPresent()) {
      try {
        return exchange(kept.get(), request, false);
      } catch (IOException closedMeanwhile) {
        closeQuietly(kept.get(), closedMeanwhile);
        // the server may close a kept connection at any time; only what changes nothing goes twice
        if (!request.isSafe()) {
          throw Faults.broken(closedMeanwhile);
        }
      }
    }
    Connection fresh = Connection.open(endpoint);
    try {
      return exchange(fresh, request, upgrade);
    } catch (IOException e) {
      closeQuietly(fresh, e);
      throw Faults.broken(e);
    }
  }

  private Exchange exchange(Connection connection, Request request, boolean upgrade)
      throws IOException {
    try {
      connection.send(request, version, upgrade);
    } catch (IOException e) {
      if (request.stream().isEmpty()) {
        throw e;
      }
      // a server that refuses a body answers before it has read it and closes: its answer tells why
      try {
        return new Exchange(connection, connection.readHead(), request);
      } catch (IOException noAnswer) {
        e.addSuppressed(noAnswer);
        throw e;
      }
    }
    Connection.Head head = connection.readHead();
    while (head.status() == 100) {
      head = connection.readHead();
    }
    return new Exchange(connection, head, request);
  }

  private synchronized Optional<Connection> takeIdle() {
    return Optional.ofNullable(idle.pollLast());
  }

  synchronized void giveBack(Connection connection) {
    idle.addLast(connection);
  }

  private static void closeQuietly(Connection connection, IOException because) {
    try {
      connection.close();
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }

  /** Closes the connections that are kept; those under way end with their response. */
  @Override
  public synchronized void close() {
    try {
      for (Connection connection : idle) {
        connection.close();
      }
    } catch (IOException e) {
      throw Faults.broken(e);
    } finally {
      idle.clear();
    }
  }

  /** An answer whose body is still unread. */
  private final class Exchange {
    private final Connection connection;
    private final Connection.Head head;
    private final Request request;

    Exchange(Connection connection, Connection.Head head, Request request) {
      this.connection = connection;
      this.head = head;
      this.request = request;
    }

    private Response open() {
      int status = head.status();
      boolean empty = request.isHead() || status == 204 || status == 304;
      try {
        return new Response(
            status, head.headers(), BodyInput.of(EngineClient.this, connection, head, empty));
      } catch (IOException e) {
        closeQuietly(connection, e);
        throw Faults.broken(e);
      }
    }

    Response response() {
      Response response = open();
      if (head.status() >= 400) {
        throw fault(response);
      }
      return response;
    }

    void discard() {
      open().text();
    }

    Hijacked hijacked() {
      if (head.status() == 101 || head.status() == 200) {
        return new Hijacked(connection, head.header("content-type"));
      }
      throw fault(open());
    }

    private Fault fault(Response response) {
      String text = response.text();
      String message = text.strip();
      if (message.startsWith("{")) {
        message = Json.parse(text).text("message");
      }
      if (message.isEmpty()) {
        message = "HTTP status " + response.status() + " without a message";
      }
      return Faults.ofStatus(response.status(), message);
    }
  }
}
