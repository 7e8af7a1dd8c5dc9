package dev.kemas.grpc;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.eclipse.jetty.http2.RateControl;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.HTTP2ClientConnectionFactory;
import org.eclipse.jetty.http2.server.RawHTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.util.Promise;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the connection that an end point is upgraded to. Needs no protocol to be negotiated. */
public final class GrpcConnections {
  private static final Logger LOG = LoggerFactory.getLogger(GrpcConnections.class);

  /** Bytes that the other end may send of one call before they are read. */
  private static final int CALL_WINDOW = 2 * 1024 * 1024;

  /** The same of all calls: one whose handler does not read must not stop the others. */
  private static final int CONNECTION_WINDOW = 64 * 1024 * 1024;

  private static final int LARGEST_HEADERS = 256 * 1024;
  private static final int READ_BUFFER = 64 * 1024;
  private static final int CALLS = 10_000;

  private GrpcConnections() {}

  /** A connection whose other end calls these services. */
  public static Connection serving(Connector connector, EndPoint endPoint, Services services) {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setRequestHeaderSize(LARGEST_HEADERS);
    LiveCalls calls = new LiveCalls();
    RawHTTP2ServerConnectionFactory factory =
        new RawHTTP2ServerConnectionFactory(
            configuration, new ServerListener(services, connector.getScheduler(), calls));
    factory.setInitialStreamRecvWindow(CALL_WINDOW);
    factory.setInitialSessionRecvWindow(CONNECTION_WINDOW);
    factory.setInputBufferSize(READ_BUFFER);
    factory.setMaxConcurrentStreams(CALLS);
    factory.setStreamIdleTimeout(0);
    // measuring a connection's capacity takes more pings than a limit for strangers allows
    factory.setRateControlFactory(new RateControl.Factory() {});
    Connection connection = factory.newConnection(connector, endPoint);
    connection.addEventListener(calls);
    endPoint.setIdleTimeout(0);
    return connection;
  }

  /**
   * A connection whose other end has services to call.
   *
   * @param ready gets them, on a thread of its own, as soon as they can be called; the connection
   *     lives on when it returns
   */
  public static Connection calling(Connector connector, EndPoint endPoint, Consumer<Peer> ready) {
    HTTP2Client client = new HTTP2Client();
    client.setExecutor(connector.getExecutor());
    client.setScheduler(connector.getScheduler());
    client.setByteBufferPool(connector.getByteBufferPool());
    client.setInitialStreamRecvWindow(CALL_WINDOW);
    client.setInitialSessionRecvWindow(CONNECTION_WINDOW);
    client.setInputBufferSize(READ_BUFFER);
    client.setMaxLocalStreams(CALLS);
    client.setMaxRequestHeadersSize(LARGEST_HEADERS);
    client.setMaxResponseHeadersSize(LARGEST_HEADERS);
    client.setStreamIdleTimeout(0);
    LiveCalls calls = new LiveCalls();
    SessionPeer peer = new SessionPeer(calls);
    Map<String, Object> context = new HashMap<>();
    context.put(HTTP2Client.CONTEXT_KEY, client);
    context.put(HTTP2Client.SESSION_LISTENER_CONTEXT_KEY, new Session.Listener() {});
    context.put(
        HTTP2Client.SESSION_PROMISE_CONTEXT_KEY,
        Promise.<Session>from(
            session -> {
              peer.session(session);
              Thread.ofVirtual().name("peer").start(() -> ready.accept(peer));
            },
            failure -> LOG.debug("no session: {}", failure.toString())));
    Connection connection = new HTTP2ClientConnectionFactory().newConnection(endPoint, context);
    connection.addEventListener(calls);
    endPoint.setIdleTimeout(0);
    return connection;
  }
}
