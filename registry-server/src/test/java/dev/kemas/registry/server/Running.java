package dev.kemas.registry.server;

import dev.kemas.registry.store.Place;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** A registry of a test, on a folder and a free port, and a client of it. */
record Running(RegistryServer server, Http http) implements AutoCloseable {
  static ServerConfig config(Path folder) {
    return ServerConfig.of(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        "Kemas/test",
        new Place.Folder(folder));
  }

  static Running start(Path folder, UnaryOperator<ServerConfig> change) {
    RegistryServer server = RegistryServer.start(change.apply(config(folder)));
    return new Running(
        server, new Http(URI.create("http://127.0.0.1:" + server.address().getPort())));
  }

  String host() {
    return "127.0.0.1:" + server.address().getPort();
  }

  @Override
  public void close() {
    http.close();
    server.close();
  }
}
