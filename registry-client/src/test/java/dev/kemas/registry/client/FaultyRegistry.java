package dev.kemas.registry.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.kemas.oci.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** A registry in memory over real HTTP, which does wrong what a test wants. */
final class FaultyRegistry implements AutoCloseable {
  /** What happens instead of the right answer. */
  @FunctionalInterface
  interface Trouble {
    void happen(HttpExchange exchange) throws IOException;
  }

  private record Expected(String request, Trouble trouble) {}

  private final HttpServer server;
  private final Queue<Expected> troubles = new ConcurrentLinkedQueue<>();
  private final AtomicInteger uploads = new AtomicInteger();
  private final Map<String, ByteArrayOutputStream> open = new ConcurrentHashMap<>();
  final Map<Digest, byte[]> blobs = new ConcurrentHashMap<>();
  final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
  final List<String> asked = new CopyOnWriteArrayList<>();
  final List<String> shown = new CopyOnWriteArrayList<>();
  private final AtomicInteger atOnce = new AtomicInteger();

  /** How many ranges were asked for at the same time. */
  final AtomicInteger mostAtOnce = new AtomicInteger();

  /** Told how many ranges are under way before one is answered. */
  volatile IntConsumer gate = now -> {};

  volatile boolean ranges = true;
  volatile String wanted = "";
  volatile String challenge = "";
  volatile boolean mounts;
  volatile long most = Long.MAX_VALUE;

  FaultyRegistry() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  String url() {
    return "http://" + host();
  }

  /**
   * The next request that begins so goes wrong.
   *
   * @param request method and path: {@code GET /v2/x/blobs/}
   */
  FaultyRegistry next(String request, Trouble trouble) {
    troubles.add(new Expected(request, trouble));
    return this;
  }

  /** Nothing more goes wrong. */
  void calm() {
    troubles.clear();
  }

  /** Answers a status with headers and no body. */
  static Trouble status(int status, String... headers) {
    return exchange -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
      }
      exchange.sendResponseHeaders(status, -1);
    };
  }

  /** Answers a status with a body of JSON. */
  static Trouble json(int status, String body) {
    return exchange -> send(exchange, status, body.getBytes(StandardCharsets.UTF_8));
  }

  /** Promises all bytes, sends some and cuts the line. */
  static Trouble cut(byte[] all, int from, int count) {
    return exchange -> {
      exchange.sendResponseHeaders(from == 0 ? 200 : 206, all.length - from);
      exchange.getResponseBody().write(all, from, count);
      exchange.getResponseBody().flush();
      throw new IOException("cut, as the test wants it");
    };
  }

  private void answer(HttpExchange exchange) throws IOException {
    String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    asked.add(request);
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    shown.add(authorization == null ? "" : authorization);
    for (Expected expected : troubles) {
      if (request.startsWith(expected.request()) && troubles.remove(expected)) {
        expected.trouble().happen(exchange);
        exchange.close();
        return;
      }
    }
    if (!wanted.isEmpty() && !wanted.equals(authorization)) {
      exchange.getResponseHeaders().set("WWW-Authenticate", challenge);
      send(exchange, 401, "{}".getBytes(StandardCharsets.UTF_8));
    } else {
      right(exchange, exchange.getRequestURI().getPath());
    }
    exchange.close();
  }

  private void right(HttpExchange exchange, String path) throws IOException {
    String last = path.substring(path.lastIndexOf('/') + 1);
    String method = exchange.getRequestMethod();
    if (path.contains("/manifests/") && method.equals("PUT")) {
      manifests.put(last, exchange.getRequestBody().readAllBytes());
      exchange.sendResponseHeaders(201, -1);
    } else if (path.contains("/manifests/") && manifests.containsKey(last)) {
      exchange
          .getResponseHeaders()
          .set("Content-Type", "application/vnd.oci.image.manifest.v1+json");
      send(exchange, 200, manifests.get(last));
    } else if (path.contains("/blobs/uploads/")) {
      upload(exchange, method, last);
    } else if (path.contains("/blobs/") && blobs.containsKey(Digest.parse(last))) {
      blob(exchange, method, blobs.get(Digest.parse(last)));
    } else if (path.equals("/v2/")) {
      exchange.sendResponseHeaders(200, -1);
    } else {
      send(
          exchange,
          404,
          "{\"errors\":[{\"code\":\"NAME_UNKNOWN\",\"message\":\"unknown\"}]}"
              .getBytes(StandardCharsets.UTF_8));
    }
  }

  private void blob(HttpExchange exchange, String method, byte[] blob) throws IOException {
    if (method.equals("HEAD")) {
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    String range = exchange.getRequestHeaders().getFirst("Range");
    if (range == null || !ranges) {
      exchange.sendResponseHeaders(200, blob.length);
      exchange.getResponseBody().write(blob);
      return;
    }
    String[] ends = range.substring("bytes=".length()).split("-", -1);
    int from = Integer.parseInt(ends[0]);
    int to = ends[1].isEmpty() ? blob.length : Math.min(blob.length, Integer.parseInt(ends[1]) + 1);
    int now = atOnce.incrementAndGet();
    mostAtOnce.accumulateAndGet(now, Math::max);
    try {
      gate.accept(now);
      exchange.sendResponseHeaders(206, to - from);
      exchange.getResponseBody().write(blob, from, to - from);
    } finally {
      atOnce.decrementAndGet();
    }
  }

  private void upload(HttpExchange exchange, String method, String id) throws IOException {
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    if (method.equals("POST")) {
      if (mounts && query.contains("mount=")) {
        exchange.sendResponseHeaders(201, -1);
        return;
      }
      String made = "u" + uploads.incrementAndGet();
      open.put(made, new ByteArrayOutputStream());
      place(exchange, 202, made);
      return;
    }
    String length = exchange.getRequestHeaders().getFirst("Content-Length");
    if (length != null && Long.parseLong(length) > most) {
      exchange.sendResponseHeaders(413, -1);
      return;
    }
    ByteArrayOutputStream here = open.get(id);
    if (here == null) {
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    String range = exchange.getRequestHeaders().getFirst("Content-Range");
    if (range != null && !range.startsWith(here.size() + "-")) {
      exchange.sendResponseHeaders(416, -1);
      return;
    }
    // byte by byte: what came before the line broke is kept
    byte[] piece = new byte[8192];
    for (int n = exchange.getRequestBody().read(piece);
        n >= 0;
        n = exchange.getRequestBody().read(piece)) {
      here.write(piece, 0, n);
    }
    if (method.equals("PUT")) {
      Digest digest = Digest.parse(query.substring(query.indexOf("digest=") + 7));
      boolean same = Digest.of(here.toByteArray()).equals(digest);
      if (same) {
        blobs.put(digest, here.toByteArray());
      }
      exchange.sendResponseHeaders(same ? 201 : 400, -1);
      return;
    }
    place(exchange, method.equals("GET") ? 204 : 202, id);
  }

  private void place(HttpExchange exchange, int status, String id) throws IOException {
    exchange.getResponseHeaders().set("Location", "/v2/x/blobs/uploads/" + id + "?state=1");
    int size = open.get(id).size();
    exchange.getResponseHeaders().set("Range", "0-" + Math.max(0, size - 1));
    exchange.sendResponseHeaders(status, -1);
  }

  /** Takes some bytes of the first open upload and cuts the line. */
  Trouble takeSome(int count) {
    return exchange -> {
      String path = exchange.getRequestURI().getPath();
      open.get(path.substring(path.lastIndexOf('/') + 1))
          .write(exchange.getRequestBody().readNBytes(count));
      throw new IOException("cut, as the test wants it");
    };
  }

  static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, head ? -1 : body.length);
    if (!head) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
