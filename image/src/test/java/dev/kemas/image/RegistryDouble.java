package dev.kemas.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.oci.MediaType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A small registry, with faults on demand. */
final class RegistryDouble implements AutoCloseable {
  private final HttpServer server;
  final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
  final Map<String, String> types = new ConcurrentHashMap<>();
  final Map<Digest, byte[]> blobs = new ConcurrentHashMap<>();
  private final Map<String, ByteArrayOutputStream> uploads = new ConcurrentHashMap<>();
  final List<String> asked = new CopyOnWriteArrayList<>();

  /** What happens instead of the right answer, by the end of the path. */
  final Map<String, HttpHandler> instead = new ConcurrentHashMap<>();

  volatile boolean wantsToken;
  volatile String basic = "";
  volatile int cutBlobsAfter = -1;

  RegistryDouble() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** Puts an OCI layout's content under a tag; answers the manifest's digest. */
  Digest put(String tag, byte[] manifest, byte[]... content) {
    manifests.put(tag, manifest);
    manifests.put(Digest.of(manifest).toString(), manifest);
    for (byte[] blob : content) {
      blobs.put(Digest.of(blob), blob);
    }
    return Digest.of(manifest);
  }

  private void answer(HttpExchange exchange) throws IOException {
    boolean through = false;
    try {
      String path = exchange.getRequestURI().getPath();
      String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
      asked.add(path);
      HttpHandler other = instead.get(path.substring(path.lastIndexOf('/') + 1));
      if (other != null) {
        other.handle(exchange);
        through = true;
        return;
      }
      if (path.equals("/token")) {
        boolean known = basic.isEmpty() || authorization.equals("Basic " + basic);
        send(exchange, known ? 200 : 401, "application/json", bytes("{\"token\":\"t0\"}"));
      } else if (wantsToken && !authorization.equals("Bearer t0")) {
        exchange
            .getResponseHeaders()
            .put(
                "WWW-Authenticate",
                List.of(
                    "Bearer realm=\"http://"
                        + host()
                        + "/token\",service=\"double\",scope=\"repository:x:pull\""));
        send(exchange, 401, "application/json", bytes("{}"));
      } else if (path.contains("/blobs/uploads/")) {
        upload(exchange, path);
      } else if (path.contains("/manifests/") && exchange.getRequestMethod().equals("PUT")) {
        take(exchange, path.substring(path.lastIndexOf('/') + 1));
      } else if (path.contains("/manifests/")) {
        manifest(exchange, path.substring(path.lastIndexOf('/') + 1));
      } else if (path.contains("/blobs/")) {
        blob(exchange, Digest.parse(path.substring(path.lastIndexOf('/') + 1)));
      } else {
        send(exchange, 404, "text/plain", bytes("what?"));
      }
      through = true;
    } finally {
      if (through) {
        exchange.close(); // otherwise the server cuts the connection
      }
    }
  }

  /** Takes what comes, in one piece or several, as the distribution specification has it. */
  private void upload(HttpExchange exchange, String path) throws IOException {
    String id = path.substring(path.lastIndexOf('/') + 1);
    if (id.isEmpty()) {
      id = "u" + uploads.size();
      uploads.put(id, new ByteArrayOutputStream());
    }
    ByteArrayOutputStream upload = uploads.get(id);
    upload.write(exchange.getRequestBody().readAllBytes());
    String base = path.substring(0, path.lastIndexOf('/') + 1);
    exchange.getResponseHeaders().set("Location", base + id);
    exchange.getResponseHeaders().set("Range", "0-" + Math.max(0, upload.size() - 1));
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    if (exchange.getRequestMethod().equals("PUT")) {
      Digest digest = Digest.parse(query.replaceAll(".*digest=([^&]*).*", "$1"));
      byte[] content = upload.toByteArray();
      boolean same = Digest.of(content).equals(digest);
      blobs.put(digest, content);
      exchange.getResponseHeaders().set("Docker-Content-Digest", digest.toString());
      exchange.sendResponseHeaders(same ? 201 : 400, -1);
    } else {
      exchange.sendResponseHeaders(202, -1);
    }
  }

  /** A manifest is taken when all that it names is there, as good registries do. */
  private void take(HttpExchange exchange, String name) throws IOException {
    byte[] content = exchange.getRequestBody().readAllBytes();
    JsonNode json = Json.read(content, JsonNode.class, "manifest");
    boolean whole = true;
    for (JsonNode layer : json.path("layers")) {
      whole &= blobs.containsKey(Digest.parse(layer.path("digest").textValue()));
    }
    for (JsonNode inner : json.path("manifests")) {
      whole &= manifests.containsKey(inner.path("digest").textValue());
    }
    if (!whole) {
      send(exchange, 400, "application/json", bytes("{\"errors\":[{\"code\":\"BLOB_UNKNOWN\"}]}"));
      return;
    }
    Digest digest = put(name, content);
    types.put(digest.toString(), exchange.getRequestHeaders().getFirst("Content-Type"));
    exchange.getResponseHeaders().set("Docker-Content-Digest", digest.toString());
    exchange.sendResponseHeaders(201, -1);
  }

  private void manifest(HttpExchange exchange, String name) throws IOException {
    byte[] manifest = manifests.get(name);
    if (manifest == null) {
      send(
          exchange,
          404,
          "application/json",
          bytes("{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"manifest unknown\"}]}"));
      return;
    }
    String type = types.getOrDefault(Digest.of(manifest).toString(), MediaType.OCI_MANIFEST);
    send(exchange, 200, type, manifest);
  }

  private void blob(HttpExchange exchange, Digest digest) throws IOException {
    byte[] blob = blobs.get(digest);
    if (blob == null) {
      send(exchange, 404, "application/json", bytes("{}"));
    } else if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(200, -1);
    } else if (cutBlobsAfter >= 0 && cutBlobsAfter < blob.length) {
      exchange.sendResponseHeaders(200, blob.length);
      exchange.getResponseBody().write(blob, 0, cutBlobsAfter);
      exchange.getResponseBody().flush();
      throw new IOException("cut off, as the test wants it");
    } else {
      String range = exchange.getRequestHeaders().getFirst("Range");
      int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
      exchange.sendResponseHeaders(range == null ? 200 : 206, blob.length - from);
      exchange.getResponseBody().write(blob, from, blob.length - from);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().put("Content-Type", Collections.singletonList(type));
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
