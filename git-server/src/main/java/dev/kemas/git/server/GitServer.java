package dev.kemas.git.server;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * Serves the repositories of a folder on loopback: the real smart protocol, by git http-backend.
 * Files can be served beside them. Safe for several threads.
 */
public final class GitServer implements AutoCloseable {
  /** The first lines of all requests. */
  public final List<String> requests = new CopyOnWriteArrayList<>();

  /** Where requests for a first part of a path are sent instead. */
  public final Map<String, String> moved = new ConcurrentHashMap<>();

  /** Files by their paths. */
  public final Map<String, byte[]> files = new ConcurrentHashMap<>();

  /** What the Authorization header must be for paths that begin with /private. */
  public volatile String authorization = "";

  /** What every answer waits for. */
  public volatile CountDownLatch held = new CountDownLatch(0);

  private final Path folder;
  private final ServerSocket listener;

  /** Serves from now on. */
  public GitServer(Path folder) throws IOException {
    this.folder = folder;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::serve);
  }

  /** {@code http://} and where it listens. */
  public String address() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  private void serve() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        Thread.startVirtualThread(() -> {
          try (socket) {
            answer(socket);
          } catch (IOException e) {
            requests.add("failed: " + e.getMessage());
          }
        });
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void answer(Socket socket) throws IOException {
    InputStream in = new BufferedInputStream(socket.getInputStream());
    OutputStream out = socket.getOutputStream();
    String first = line(in);
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    byte[] body = body(in, headers);
    requests.add(first);
    try {
      held.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    String target = first.split(" ", -1)[1];
    for (Map.Entry<String, String> move : moved.entrySet()) {
      if (target.startsWith(move.getKey())) {
        String to = move.getValue() + target.substring(move.getKey().length());
        write(out, "301 Moved", "Location: " + to + "\r\n", new byte[0]);
        return;
      }
    }
    if (target.startsWith("/private")
        && !authorization.equals(headers.getOrDefault("authorization", ""))) {
      write(out, "401 Unauthorized", "WWW-Authenticate: Basic realm=\"git\"\r\n", new byte[0]);
      return;
    }
    byte[] file = files.get(target);
    if (file != null) {
      write(out, "200 OK", "", file);
      return;
    }
    backend(out, first, target, headers, body);
  }

  private void backend(
      OutputStream out, String first, String target, Map<String, String> headers, byte[] body)
      throws IOException {
    int question = target.indexOf('?');
    ProcessBuilder builder = new ProcessBuilder("/usr/bin/git", "http-backend");
    Map<String, String> env = builder.environment();
    env.clear();
    env.put("PATH", "/usr/bin:/bin");
    env.put("GIT_PROJECT_ROOT", folder.toString());
    env.put("GIT_HTTP_EXPORT_ALL", "1");
    env.put("GIT_CONFIG_COUNT", "1");
    env.put("GIT_CONFIG_KEY_0", "safe.directory");
    env.put("GIT_CONFIG_VALUE_0", "*");
    env.put("REQUEST_METHOD", first.split(" ", -1)[0]);
    env.put("PATH_INFO", question < 0 ? target : target.substring(0, question));
    env.put("QUERY_STRING", question < 0 ? "" : target.substring(question + 1));
    env.put("CONTENT_TYPE", headers.getOrDefault("content-type", ""));
    env.put("CONTENT_LENGTH", String.valueOf(body.length));
    env.put("HTTP_CONTENT_ENCODING", headers.getOrDefault("content-encoding", ""));
    env.put("GIT_PROTOCOL", headers.getOrDefault("git-protocol", ""));
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (OutputStream to = process.getOutputStream()) {
      to.write(body);
    }
    byte[] all = process.getInputStream().readAllBytes();
    String text = new String(all, StandardCharsets.ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    StringBuilder more = new StringBuilder();
    String status = "200 OK";
    for (String header : text.substring(0, end).split("\r\n", -1)) {
      if (header.startsWith("Status: ")) {
        status = header.substring("Status: ".length());
      } else {
        more.append(header).append("\r\n");
      }
    }
    write(out, status, more.toString(), java.util.Arrays.copyOfRange(all, end + 4, all.length));
  }

  private static void write(OutputStream out, String status, String headers, byte[] body)
      throws IOException {
    String head =
        "HTTP/1.1 %s\r\n%sContent-Length: %d\r\nConnection: close\r\n\r\n"
            .formatted(status, headers, body.length);
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    out.write(body);
    out.flush();
  }

  private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
    if (!headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
      return in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int n = Integer.parseInt(line(in), 16); n > 0; n = Integer.parseInt(line(in), 16)) {
      all.write(in.readNBytes(n));
      line(in);
    }
    line(in);
    return all.toByteArray();
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.write(c);
      }
    }
    return line.toString(StandardCharsets.US_ASCII);
  }

  /** Runs git as an author would, in a folder; what it says. */
  public static String git(Path folder, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("/usr/bin/git", "-C", folder.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Map<String, String> env = builder.environment();
    env.clear();
    env.put("PATH", "/usr/bin:/bin");
    env.put("HOME", "/nonexistent");
    for (String role : List.of("AUTHOR", "COMMITTER")) {
      env.put("GIT_%s_NAME".formatted(role), "Ada");
      env.put("GIT_%s_EMAIL".formatted(role), "ada@example.org");
      env.put("GIT_%s_DATE".formatted(role), "2001-02-03T04:05:06Z");
    }
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + said);
    }
    return said.strip();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
