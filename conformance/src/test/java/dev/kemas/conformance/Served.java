package dev.kemas.conformance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a case asks of the network, on loopback: the files below {@code www} over http, and the
 * repositories below {@code git} by git's own server. Nothing runs for what is not there.
 *
 * @param addresses by the name of the build argument that carries it
 */
record Served(Map<String, String> addresses, Optional<HttpServer> http, Optional<Process> git)
    implements AutoCloseable {
  static Served of(Path folder) throws IOException {
    Map<String, String> addresses = new TreeMap<>();
    Optional<HttpServer> http = Optional.empty();
    Optional<Process> git = Optional.empty();
    Path files = folder.resolve("www");
    if (Files.isDirectory(files)) {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", exchange -> answer(exchange, files));
      server.start();
      http = Optional.of(server);
      addresses.put("WWW", "http://127.0.0.1:" + server.getAddress().getPort());
    }
    Path repositories = folder.resolve("git");
    if (Files.isDirectory(repositories)) {
      int port;
      try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = free.getLocalPort();
      }
      git = Optional.of(gitServer(repositories, port));
      addresses.put("GIT", "git://127.0.0.1:" + port);
    }
    return new Served(addresses, http, git);
  }

  private static void answer(HttpExchange exchange, Path files) throws IOException {
    try (exchange) {
      Path file = files.resolve(exchange.getRequestURI().getPath().substring(1)).normalize();
      if (!file.startsWith(files) || !Files.isRegularFile(file)) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      exchange.getResponseHeaders().set("Last-Modified", "Sat, 01 Jan 2022 00:00:00 GMT");
      exchange.sendResponseHeaders(200, Files.size(file));
      Files.copy(file, exchange.getResponseBody());
    }
  }

  private static Process gitServer(Path repositories, int port) throws IOException {
    Process server =
        new ProcessBuilder(
                "git",
                "daemon",
                "--export-all",
                "--reuseaddr",
                "--base-path=" + repositories,
                "--listen=127.0.0.1",
                "--port=" + port)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Wait.until(
        "git's server listens",
        Duration.ofSeconds(20),
        () -> {
          try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
          } catch (IOException e) {
            if (!server.isAlive()) {
              throw new IllegalStateException("git daemon ended with " + server.exitValue(), e);
            }
            return false; // not yet
          }
        });
    return server;
  }

  @Override
  public void close() {
    http.ifPresent(server -> server.stop(0));
    git.ifPresent(server -> {
      server.descendants().forEach(ProcessHandle::destroy);
      server.destroy();
      server.onExit().join();
    });
  }
}
