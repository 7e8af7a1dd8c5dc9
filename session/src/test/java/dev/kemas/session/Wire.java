package dev.kemas.session;

import dev.kemas.grpc.GrpcConnections;
import dev.kemas.grpc.Peer;
import dev.kemas.grpc.Services;
import dev.kemas.session.client.Offer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.Promise;

/** A client that dialled and serves, and a daemon that accepted and calls, over a real socket. */
final class Wire implements AutoCloseable {
  private final Path folder;
  private final Server server;
  private final ClientConnector dialler = new ClientConnector();
  private final CompletableFuture<EndPoint> dialled = new CompletableFuture<>();
  private final Session session;

  /** What the daemon knows of clients. */
  final Sessions sessions = new Sessions();

  Wire(Offer offer) throws Exception {
    this(offer.services(), offer.methods(), "key");
  }

  Wire(Services services, List<String> methods, String sharedKey) throws Exception {
    folder = Files.createTempDirectory("wire");
    server = new Server();
    CompletableFuture<Peer> peer = new CompletableFuture<>();
    BiFunction<Connector, EndPoint, Connection> calls =
        (connector, end) -> GrpcConnections.calling(connector, end, peer::complete);
    UnixDomainServerConnector connector =
        new UnixDomainServerConnector(server, 1, 1, new Accepting(calls));
    connector.setUnixDomainPath(folder.resolve("s"));
    connector.setIdleTimeout(0);
    server.addConnector(connector);
    server.start();
    dialler.start();
    ClientConnectionFactory made =
        (end, context) -> {
          dialled.complete(end);
          return GrpcConnections.serving(connector, end, services);
        };
    Transport transport = new Transport.TCPUnix(folder.resolve("s"));
    Map<String, Object> context = new HashMap<>();
    context.put(Transport.CONTEXT_KEY, transport);
    context.put(ClientConnector.CONTEXT_KEY, dialler);
    context.put(ClientConnectionFactory.CONTEXT_KEY, made);
    context.put(ClientConnector.CONNECTION_PROMISE_CONTEXT_KEY, Promise.noop());
    transport.connect(transport.getSocketAddress(), context);
    session =
        sessions.add(new Hello("id", "test", sharedKey, methods), peer.get(10, TimeUnit.SECONDS));
  }

  Session session() {
    return session;
  }

  /** The client's process ends. */
  void cut() throws Exception {
    dialled.get(10, TimeUnit.SECONDS).close(new java.io.IOException("cut by the test"));
  }

  @Override
  public void close() {
    try {
      dialler.stop();
      server.stop();
      Files.deleteIfExists(folder.resolve("s"));
      Files.delete(folder);
    } catch (Exception e) {
      throw new AssertionError("the wire was not taken down", e);
    }
  }

  private static final class Accepting extends AbstractConnectionFactory {
    private final BiFunction<Connector, EndPoint, Connection> role;

    Accepting(BiFunction<Connector, EndPoint, Connection> role) {
      super("grpc");
      this.role = role;
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
      return configure((AbstractConnection) role.apply(connector, endPoint), connector, endPoint);
    }
  }
}
