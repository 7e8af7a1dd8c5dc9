package dev.kemas.grpc;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
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

/** Two ends of a real socket: one serves, the other calls, and either may have dialled. */
final class Wire implements AutoCloseable {
  private final Path folder;
  private final Server server;
  private final ClientConnector dialler = new ClientConnector();
  private final CompletableFuture<Peer> peer = new CompletableFuture<>();
  private final CompletableFuture<EndPoint> accepted = new CompletableFuture<>();
  private final CompletableFuture<EndPoint> dialled = new CompletableFuture<>();

  private Wire(Services services, boolean diallerServes) throws Exception {
    folder = Files.createTempDirectory("wire");
    server = new Server();
    BiFunction<Connector, EndPoint, Connection> serves =
        (connector, end) -> GrpcConnections.serving(connector, end, services);
    BiFunction<Connector, EndPoint, Connection> calls =
        (connector, end) -> GrpcConnections.calling(connector, end, peer::complete);
    UnixDomainServerConnector connector =
        new UnixDomainServerConnector(
            server, 1, 1, new Accepting(diallerServes ? calls : serves, accepted));
    connector.setUnixDomainPath(folder.resolve("s"));
    connector.setIdleTimeout(0);
    server.addConnector(connector);
    server.start();
    dialler.start();
    ClientConnectionFactory made =
        (end, _) -> {
          dialled.complete(end);
          return (diallerServes ? serves : calls).apply(connector, end);
        };
    Transport transport = new Transport.TCPUnix(folder.resolve("s"));
    Map<String, Object> context = new HashMap<>();
    context.put(Transport.CONTEXT_KEY, transport);
    context.put(ClientConnector.CONTEXT_KEY, dialler);
    context.put(ClientConnectionFactory.CONTEXT_KEY, made);
    context.put(ClientConnector.CONNECTION_PROMISE_CONTEXT_KEY, Promise.noop());
    transport.connect(transport.getSocketAddress(), context);
  }

  /** The end that dialled calls. */
  static Wire callerDials(Services services) throws Exception {
    return new Wire(services, false);
  }

  /** The end that accepted calls, as a daemon does with the session of a client. */
  static Wire callerAccepts(Services services) throws Exception {
    return new Wire(services, true);
  }

  Peer peer() throws Exception {
    return peer.get(10, TimeUnit.SECONDS);
  }

  /** Cuts the wire at the end that accepted. */
  void cutAccepted() throws Exception {
    accepted.get(10, TimeUnit.SECONDS).close(new java.io.IOException("cut by the test"));
  }

  /** Cuts the wire at the end that dialled. */
  void cutDialled() throws Exception {
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
    private final CompletableFuture<EndPoint> end;

    Accepting(BiFunction<Connector, EndPoint, Connection> role, CompletableFuture<EndPoint> end) {
      super("grpc");
      this.role = role;
      this.end = end;
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
      end.complete(endPoint);
      return configure(
          (org.eclipse.jetty.io.AbstractConnection) role.apply(connector, endPoint),
          connector,
          endPoint);
    }
  }
}
