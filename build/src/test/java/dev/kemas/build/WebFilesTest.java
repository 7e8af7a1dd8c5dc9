package dev.kemas.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class WebFilesTest {
  @TempDir Path folder;
  private ServerSocket listener;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private UnaryOperator<String> answer = request -> "";
  private WebShelf shelf;
  private WebFiles web;

  @BeforeEach
  void open() throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::serve);
    shelf = new WebShelf(folder.resolve("shelf"));
    web = new WebFiles(shelf, new WebFiles.Rules(1000, Duration.ofSeconds(1)));
  }

  @AfterEach
  void close() throws IOException {
    listener.close();
  }

  private void serve() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        Thread.startVirtualThread(() -> answer(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  /** An answer that ends with dots never ends. */
  private void answer(Socket socket) {
    try (socket) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      StringBuilder request = new StringBuilder();
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        request.append(line).append('\n');
      }
      requests.add(request.toString());
      String text = answer.apply(request.toString());
      OutputStream out = socket.getOutputStream();
      out.write(text.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
      out.flush();
      if (text.endsWith("...")) {
        in.readLine();
      }
    } catch (IOException e) {
      requests.add("failed: " + e.getMessage());
    }
  }

  private String address(String path) {
    return "http://127.0.0.1:" + listener.getLocalPort() + path;
  }

  private WebFiles.Fetched fetch(String path, Optional<Digest> wanted) throws IOException {
    return web.fetch(
        address(path),
        wanted,
        Files.createTempDirectory(folder, "into"),
        WebFiles.Meter.NONE,
        new Cancellation());
  }

  private static String ok(String body, String headers) {
    return "HTTP/1.1 200 OK\nConnection: close\n%sContent-Length: %d\n\n%s"
        .formatted(headers, body.length(), body);
  }

  @Test
  void whatIsUnchangedIsNotFetchedAgain() throws IOException {
    answer =
        request ->
            request.contains("If-None-Match: \"v1\"")
                ? "HTTP/1.1 304 Not Modified\nConnection: close\n\n"
                : ok("one", "ETag: \"v1\"\nLast-Modified: Sat, 03 Feb 2001 04:05:06 GMT\n");
    WebFiles.Fetched first = fetch("/a", Optional.empty());
    WebFiles.Fetched second = fetch("/a", Optional.empty());

    assertThat(second.file()).hasContent("one");
    assertThat(second.digest()).isEqualTo(first.digest());
    assertThat(second.modified()).isEqualTo(Instant.parse("2001-02-03T04:05:06Z"));
    assertThat(requests).hasSize(2);
    assertThat(requests.getLast()).contains("If-Modified-Since: Sat, 03 Feb 2001 04:05:06 GMT");

    shelf.trim(0);
    assertThat(second.file()).hasContent("one");
    assertThat(fetch("/a", Optional.empty()).file()).hasContent("one");
    assertThat(requests.getLast()).doesNotContain("If-None-Match");
  }

  @Test
  void whatIsKnownByItsChecksumIsNotAskedFor() throws IOException {
    answer = request -> ok("one", "");
    Digest sum = fetch("/a", Optional.empty()).digest();

    assertThat(fetch("/other", Optional.of(sum)).file()).hasContent("one");
    assertThat(requests).hasSize(1);
    assertThatThrownBy(() -> fetch("/a", Optional.of(Digest.of(new byte[] {1}))))
        .isInstanceOf(Fault.DataLoss.class)
        .hasMessageContaining("digest mismatch");
  }

  @Test
  void aFileWithoutATimeIsOfTheBeginning() throws IOException {
    answer = request -> ok("one", "");

    assertThat(fetch("/a", Optional.empty()).modified()).isEqualTo(Instant.EPOCH);
  }

  @Test
  void aRedirectIsFollowedButNotInwards() throws IOException {
    answer =
        request ->
            request.startsWith("GET /a ")
                ? "HTTP/1.1 302 Found\nConnection: close\nLocation: /b\nContent-Length: 0\n\n"
                : ok("at b", "");
    assertThat(fetch("/a", Optional.empty()).file()).hasContent("at b");

    for (String inner :
        List.of(
            "http://169.254.169.254/latest", "http://[fe80::1]/", "http://[::ffff:a9fe:a9fe]/")) {
      answer =
          request ->
              "HTTP/1.1 302 Found\nConnection: close\nLocation: %s\nContent-Length: 0\n\n"
                  .formatted(inner);
      assertThatThrownBy(() -> fetch("/c", Optional.empty()))
          .isInstanceOf(Fault.Forbidden.class)
          .hasMessageContaining("internal address");
    }
    answer =
        request ->
            "HTTP/1.1 302 Found\nConnection: close\nLocation: file:///etc/passwd\n"
                + "Content-Length: 0\n\n";
    assertThatThrownBy(() -> fetch("/d", Optional.empty()))
        .isInstanceOf(Fault.InvalidArgument.class);
    answer =
        request -> "HTTP/1.1 302 Found\nConnection: close\nLocation: /e\nContent-Length: 0\n\n";
    assertThatThrownBy(() -> fetch("/e", Optional.empty()))
        .isInstanceOf(Fault.Unavailable.class)
        .hasMessageContaining("on and on");
  }

  @Test
  void theMetadataServiceIsNotAsked() {
    assertThatThrownBy(() ->
            web.fetch(
                "http://169.254.169.254/x",
                Optional.empty(),
                folder,
                WebFiles.Meter.NONE,
                new Cancellation()))
        .isInstanceOf(Fault.Forbidden.class);
  }

  @Test
  void aLargeFileAndASilentServerAreGivenUp() {
    answer = request -> "HTTP/1.1 200 OK\nConnection: close\n\n" + "x".repeat(2000);
    assertThatThrownBy(() -> fetch("/a", Optional.empty()))
        .isInstanceOf(Fault.ResourceExhausted.class);
    answer = request -> "HTTP/1.1 200 OK\nContent-Length: 100\n\nbegin...";
    assertThatThrownBy(() -> fetch("/b", Optional.empty()))
        .isInstanceOf(Fault.Unavailable.class)
        .hasMessageContaining("nothing came for 1 s");
    answer = request -> "HTTP/1.1 200 OK\nConnection: close\nContent-Length: 100\n\nshort";
    assertThatThrownBy(() -> fetch("/c", Optional.empty())).isInstanceOf(Fault.Unavailable.class);
    assertThat(folder.resolve("shelf/coming")).isEmptyDirectory();
    assertThat(shelf.kept()).isEmpty();
  }
}
