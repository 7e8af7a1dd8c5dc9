package dev.kemas.cli.session;

import dev.kemas.api.client.Endpoint;
import dev.kemas.cli.lend.Lender;
import dev.kemas.cli.lend.Lent;
import dev.kemas.fault.Fault;
import dev.kemas.grpc.GrpcConnections;
import dev.kemas.session.client.Destination;
import dev.kemas.session.client.Offer;
import dev.kemas.session.client.Screen;
import dev.kemas.session.client.Secret;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Promise;

/** {@link Lender} over {@code POST /session}. */
public final class SessionLender implements Lender {
  private static final int SECONDS = 20;

  /** For the service loader. */
  public SessionLender() {}

  @Override
  public Lending lend(Endpoint engine, Lent lent, Map<String, String> environment, String shared) {
    // there is no log here: what goes wrong is said by the build
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    Offer offer = offer(lent, environment);
    String id = UUID.randomUUID().toString().replace("-", "");
    SocketChannel channel = Upgrade.open(engine, id, shared, offer.methods());
    return serve(id, transport(engine), channel, offer);
  }

  private static Offer offer(Lent lent, Map<String, String> environment) {
    Map<String, Secret> secrets = new HashMap<>();
    lent.secrets()
        .forEach((id, secret) ->
            secrets.put(
                id,
                switch (secret) {
                  case Lent.SecretFile file -> Secret.file(file.path());
                  case Lent.SecretVariable variable ->
                      Secret.variable(variable.name(), environment);
                }));
    Map<Integer, Destination> places = new HashMap<>();
    lent.places()
        .forEach((number, place) ->
            places.put(
                number,
                switch (place) {
                  case Lent.ToFolder folder -> new Destination.Folder(folder.folder());
                  case Lent.ToFile file -> new FileResult(file.file());
                  case Lent.ToStream stream -> new StreamResult(stream.out());
                }));
    Offer offer = new Offer().withFolders(lent.folders());
    offer.withSecrets(secrets);
    if (!lent.agents().isEmpty()) {
      offer.withAgents(lent.agents());
    }
    if (!lent.stores().isEmpty()) {
      offer.withStores(lent.stores());
    }
    lent.terminal().ifPresent(screen -> offer.withTerminal(terminal(screen)));
    return offer.withExports(places);
  }

  private static Screen terminal(dev.kemas.cli.lend.Screen screen) {
    return (keys, size) -> {
      dev.kemas.cli.lend.Screen.Taken taken = screen.take(keys, size);
      return new Screen.Taken() {
        @Override
        public void show(byte[] bytes) {
          taken.show(bytes);
        }

        @Override
        public void close() {
          taken.close();
        }
      };
    };
  }

  private static Transport transport(Endpoint engine) {
    return switch (engine) {
      case Endpoint.Unix unix -> new Transport.TCPUnix(Path.of(unix.path()));
      case Endpoint.Tcp tcp -> Transport.TCP_IP;
    };
  }

  private static Lending serve(String id, Transport transport, SocketChannel channel, Offer offer) {
    Server server = new Server();
    LocalConnector pools = new LocalConnector(server);
    server.addConnector(pools);
    ClientConnector sockets = new ClientConnector();
    ClientConnectionFactory factory =
        (end, context) -> GrpcConnections.serving(pools, end, offer.services());
    Map<String, Object> context = new HashMap<>();
    context.put(Transport.CONTEXT_KEY, transport);
    context.put(ClientConnectionFactory.CONTEXT_KEY, factory);
    CompletableFuture<Connection> made = new CompletableFuture<>();
    context.put(
        ClientConnector.CONNECTION_PROMISE_CONTEXT_KEY,
        Promise.<Connection>from(made::complete, made::completeExceptionally));
    Lending lending = new Open(id, server, sockets);
    try {
      server.start();
      sockets.start();
      channel.configureBlocking(false);
      sockets.accept(channel, context);
      made.get(SECONDS, TimeUnit.SECONDS);
      return lending;
    } catch (Exception e) {
      lending.close();
      throw new Fault.Unavailable("the session with the engine cannot be served: " + e, e);
    }
  }

  private record Open(String id, Server server, ClientConnector sockets) implements Lending {
    @Override
    public void close() {
      try {
        sockets.stop();
        server.stop();
      } catch (Exception e) {
        throw new Fault.Internal("the session with the engine cannot be ended: " + e, e);
      }
    }
  }
}
