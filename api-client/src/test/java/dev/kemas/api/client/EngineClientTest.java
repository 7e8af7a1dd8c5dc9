package dev.kemas.api.client;

import static dev.kemas.api.client.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EngineClientTest {
  private static final String TOO_NEW =
      "HTTP/1.1 400 Bad Request\r\nApi-Version: 1.41\r\nContent-Length: 23\r\n\r\n"
          + "{\"message\":\"too new!!\"}";

  @TempDir Path directory;

  @Test
  void asksOnceAndKeepsTheConnection() throws IOException {
    try (ScriptedServer server = new ScriptedServer(directory, ok("{\"a\":1}"), ok("[2]"));
        EngineClient client = server.client()) {
      assertThat(client.json(Request.get("/x").query("all", true)).get("a").number()).isEqualTo(1);
      assertThat(client.json(Request.get("/y")).items()).hasSize(1);
      assertThat(server.connections).hasValue(1);
      assertThat(server.requests.getFirst()).startsWith("GET /v1.51/x?all=1 HTTP/1.1\r\n");
    }
  }

  @Test
  void speaksTheOlderVersionOfAnOlderServer() throws IOException {
    try (ScriptedServer server = new ScriptedServer(directory, TOO_NEW, ok("{}"), ok("{}"));
        EngineClient client = server.client()) {
      client.json(Request.post("/containers/create").body(Json.object().put("Image", "x")));
      client.json(Request.get("/y"));
      assertThat(client.apiVersion()).isEqualTo("1.41");
      assertThat(server.requests.get(1)).startsWith("POST /v1.41/containers/create ");
      assertThat(server.requests.get(1)).endsWith("{\"Image\":\"x\"}");
      assertThat(server.requests.get(2)).startsWith("GET /v1.41/y ");
    }
  }

  @Test
  void aBodyThatStreamsIsSentInChunksAfterAPing() throws IOException {
    String pong = "HTTP/1.1 200 OK\r\nApi-Version: 1.44\r\nContent-Length: 2\r\n\r\n";
    try (ScriptedServer server = new ScriptedServer(directory, pong, ok("{}"));
        EngineClient client = server.client()) {
      client.done(
          Request.post("/build")
              .body(
                  "application/x-tar",
                  out -> {
                    out.write("hello".getBytes(StandardCharsets.UTF_8));
                    out.flush();
                    out.write(new byte[] {'!'});
                  }));
      assertThat(server.requests.get(0)).startsWith("HEAD /_ping ");
      assertThat(server.requests.get(1))
          .startsWith("POST /v1.44/build ")
          .endsWith("5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n");
    }
  }

  @Test
  void readsChunksAsTheyCome() throws IOException {
    String chunked =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "8\r\n{\"a\":1}\n\r\n7;x=y\r\n{\"a\":2}\r\n0\r\nTrailer: x\r\n\r\n";
    try (ScriptedServer server = new ScriptedServer(directory, chunked, ok("{}"));
        EngineClient client = server.client()) {
      JsonReader lines = client.send(Request.get("/events")).jsonStream();
      assertThat(lines.next().orElseThrow().get("a").number()).isEqualTo(1);
      assertThat(lines.next().orElseThrow().get("a").number()).isEqualTo(2);
      assertThat(lines.next()).isEmpty();
      client.json(Request.get("/y"));
      assertThat(server.connections).hasValue(1);
    }
  }

  @Test
  void aChunkIsReadBeforeTheEndOfItsLineHasCome() throws IOException {
    String begun = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + "8\r\n{\"a\":1}\n";
    try (ScriptedServer server = new ScriptedServer(directory, begun);
        EngineClient client = server.client()) {
      JsonReader lines = client.send(Request.get("/events")).jsonStream();
      assertThat(lines.next().orElseThrow().get("a").number()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400,InvalidArgument",
    "401,Unauthenticated",
    "403,Forbidden",
    "404,NotFound",
    "409,Conflict",
    "500,Internal",
    "501,Unsupported",
    "503,Unavailable"
  })
  void aStatusIsAFaultWithTheServersWords(int status, String kind) throws IOException {
    String body = "{\"message\":\"no such thing\"}";
    String answer =
        "HTTP/1.1 " + status + " X\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    try (ScriptedServer server = new ScriptedServer(directory, answer);
        EngineClient client = server.client()) {
      assertThatThrownBy(() -> client.json(Request.get("/x")))
          .hasMessage("Error response from daemon: no such thing")
          .satisfies(e -> assertThat(e.getClass().getSimpleName()).isEqualTo(kind));
    }
  }

  @Test
  void aKeptConnectionThatTheServerClosedIsReplacedForAGet() throws IOException {
    try (ScriptedServer server = new ScriptedServer(directory, ok("1"), "", ok("3"));
        EngineClient client = server.client()) {
      client.json(Request.get("/a"));
      assertThat(client.json(Request.get("/b")).number()).isEqualTo(3);
    }
  }

  @Test
  void aPostIsNeverSentTwice() throws IOException {
    try (ScriptedServer server = new ScriptedServer(directory, ok("1"), "", ok("3"));
        EngineClient client = server.client()) {
      client.json(Request.get("/a"));
      assertThatThrownBy(() -> client.json(Request.post("/b")))
          .isInstanceOf(Fault.Unavailable.class);
      assertThat(server.requests).hasSize(2);
    }
  }

  @Test
  void anAnswerThatBreaksOffIsNoSuccess() throws IOException {
    String cut = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{\"a\":1}";
    try (ScriptedServer server = new ScriptedServer(directory, cut);
        EngineClient client = server.client()) {
      Response response = client.send(Request.get("/a"));
      assertThatThrownBy(response::text).isInstanceOf(Fault.Unavailable.class);
    }
  }

  @Test
  void nothingListeningSaysWhatToDo() {
    EngineClient client = EngineClient.of(new Endpoint.Unix(directory + "/none.sock"));
    assertThatThrownBy(client::ping)
        .isInstanceOf(Fault.Unavailable.class)
        .hasMessageStartingWith(
            "Cannot connect to the Kemas daemon at unix://"
                + directory
                + "/none.sock. Is the daemon running?");
  }

  @Test
  void aHijackedConnectionIsRawBothWays() throws IOException {
    String upgraded =
        "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\n"
            + "Connection: close\r\nUpgrade: tcp\r\n\r\nfirst bytes";
    try (ScriptedServer server = new ScriptedServer(directory, upgraded);
        EngineClient client = server.client();
        Hijacked stream = client.hijack(Request.post("/containers/x/attach"))) {
      assertThat(stream.input().readAllBytes()).asString().isEqualTo("first bytes");
      assertThat(stream.contentType()).isEqualTo("application/vnd.docker.raw-stream");
      assertThat(server.requests.getFirst()).contains("Upgrade: tcp\r\n");
    }
  }
}
