package dev.kemas.conformance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * A package index for pip (the simple repository API, PEP 503) on loopback, with the wheels of a
 * folder, and a list of those that were fetched.
 */
final class WheelIndex implements AutoCloseable {
  private static final String MAKE_WHEELS =
      """
      import os, random, sys, zipfile
      for i, name in enumerate(sys.argv[2:]):
          base = name.replace('-', '_')
          info = base + '-1.0.dist-info/'
          with zipfile.ZipFile(os.path.join(sys.argv[1], base + '-1.0-py3-none-any.whl'), 'w') as w:
              w.writestr(base + '/__init__.py', '')
              w.writestr(base + '/data', random.Random(i).randbytes(600_000))
              w.writestr(info + 'METADATA', 'Metadata-Version: 2.1\\nName: %s\\nVersion: 1.0\\n' % name)
              w.writestr(info + 'WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
              w.writestr(info + 'RECORD', '')
      """;

  private final HttpServer server;
  private final Map<String, Path> wheels = new TreeMap<>();
  private final List<String> fetched = Collections.synchronizedList(new ArrayList<>());

  private WheelIndex(HttpServer server) {
    this.server = server;
  }

  /**
   * Serves the wheels of these packages: those of the index that the host's pip is configured for,
   * or wheels made here where that is out of reach.
   */
  static WheelIndex of(Path folder, List<String> packages)
      throws IOException, InterruptedException {
    List<String> download =
        new ArrayList<>(
            List.of("python3", "-m", "pip", "download", "-q", "--no-deps", "--retries", "0"));
    download.addAll(List.of("-d", folder.toString()));
    download.addAll(packages);
    Command.Result real = new Command(download, java.util.Optional.empty()).run();
    if (real.code() != 0) {
      System.err.println("wheels are made here, for no index answers: " + real.err());
      List<String> make = new ArrayList<>(List.of("python3", "-c", MAKE_WHEELS, folder.toString()));
      make.addAll(packages);
      new Command(make, java.util.Optional.empty()).run().expect(0);
    }
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    WheelIndex index = new WheelIndex(server);
    try (Stream<Path> files = Files.list(folder)) {
      files
          .filter(file -> file.toString().endsWith(".whl"))
          .forEach(file -> index.wheels.put(packageOf(file), file));
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/simple/", index::page);
    server.createContext("/files/", index::file);
    server.start();
    return index;
  }

  private static String packageOf(Path wheel) {
    return wheel
        .getFileName()
        .toString()
        .replaceFirst("-.*", "")
        .replace('_', '-')
        .toLowerCase(Locale.ROOT);
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/simple/";
  }

  long size(String name) throws IOException {
    return Files.size(wheels.get(name));
  }

  /** Which packages' wheels were fetched since it was last asked, by name. */
  List<String> fetched() {
    List<String> names = new ArrayList<>(fetched);
    fetched.clear();
    return names.stream().sorted().toList();
  }

  private void page(HttpExchange exchange) throws IOException {
    Path wheel = wheels.get(Path.of(exchange.getRequestURI().getPath()).getFileName().toString());
    String text =
        wheel == null
            ? ""
            : "<a href=\"/files/%1$s\">%1$s</a>".formatted(wheel.getFileName().toString());
    exchange.getResponseHeaders().add("Content-Type", "text/html");
    answer(exchange, wheel == null ? 404 : 200, text.getBytes());
  }

  private void file(HttpExchange exchange) throws IOException {
    String name = packageOf(Path.of(exchange.getRequestURI().getPath()));
    fetched.add(name);
    // wheels never change, and pip keeps what may be kept
    exchange.getResponseHeaders().add("Cache-Control", "max-age=31536000, immutable");
    answer(exchange, 200, Files.readAllBytes(wheels.get(name)));
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
