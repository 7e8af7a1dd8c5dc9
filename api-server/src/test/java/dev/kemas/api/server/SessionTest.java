package dev.kemas.api.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.grpc.Services;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections that become HTTP/2. */
@Timeout(20)
final class SessionTest extends ServerTest {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final String EMPTY_SETTINGS = "\0\0\0\4\0\0\0\0\0";

  @Test
  void theServerAnswersWhoDialsTheServices() throws IOException {
    engine.when("SessionBackend.services", a -> new Services());
    try (RawClient client = new RawClient(socket)) {
      client.send("POST", "/grpc", "", "Connection: Upgrade", "Upgrade: h2c");
      RawClient.Head head = client.head();
      assertThat(head.status()).isEqualTo(101);
      assertThat(head.header("Upgrade")).isEqualTo("h2c");
      client.write((PREFACE + EMPTY_SETTINGS).getBytes(StandardCharsets.ISO_8859_1));
      // the type of the first frame: settings
      assertThat(client.exactly(9).charAt(3)).isEqualTo('\4');
    }
  }

  @Test
  void anUpgradeMayNameNoHost() throws IOException {
    engine.when("SessionBackend.services", a -> new Services());
    try (RawClient client = new RawClient(socket)) {
      // as Docker's client writes it, in two pieces
      client.write("POST /grpc HTTP/1.1\r\nHost: \r\nUser-Agent: Go".getBytes(UTF_8));
      client.write(
          "-http-client/1.1\r\nContent-Length: 0\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
              .getBytes(UTF_8));
      assertThat(client.head().status()).isEqualTo(101);
    }
  }

  @Test
  void aSessionIsCalledByTheServer() throws Exception {
    CompletableFuture<SessionBackend.Hello> hello = new CompletableFuture<>();
    engine.when(
        "SessionBackend.session",
        a -> {
          hello.complete((SessionBackend.Hello) a[0]);
          return null;
        });
    try (RawClient client = new RawClient(socket)) {
      client.send(
          "POST",
          "/session",
          "",
          "Connection: Upgrade",
          "Upgrade: h2c",
          "X-Docker-Expose-Session-Uuid: abc",
          "X-Docker-Expose-Session-Name: app",
          "X-Docker-Expose-Session-Sharedkey: key",
          "X-Docker-Expose-Session-Grpc-Method: /a.B/C",
          "X-Docker-Expose-Session-Grpc-Method: /d.E/F");
      assertThat(client.head().status()).isEqualTo(101);
      assertThat(client.exactly(PREFACE.length())).isEqualTo(PREFACE);
      assertThat(hello.get(10, TimeUnit.SECONDS))
          .isEqualTo(new SessionBackend.Hello("abc", "app", "key", List.of("/a.B/C", "/d.E/F")));
    }
  }

  @Test
  void anythingButHttp2IsRefused() throws IOException {
    // not through the judge: the specification knows no /grpc
    RawClient.Answer answer =
        RawClient.ask(socket, "POST", "/grpc", "", "Connection: Upgrade", "Upgrade: tcp");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body())
        .isEqualTo("{\"message\":\"protocol tcp not supported: upgrade to h2c\"}");
  }

  @Test
  void aSessionWithoutANameIsRefused() throws IOException {
    RawClient.Answer answer = ask("POST", "/session", "", "Connection: Upgrade", "Upgrade: h2c");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body())
        .isEqualTo("{\"message\":\"the header X-Docker-Expose-Session-Uuid is missing\"}");
  }
}
