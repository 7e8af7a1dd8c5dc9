package dev.kemas.api.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.api.judge.ApiJudge;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server on a real unix socket before a fake engine; every answer is judged. */
abstract class ServerTest {
  private static final Optional<ApiJudge> JUDGE = ApiJudge.ofThisMachine();

  @TempDir Path folder;
  Path socket;
  FakeEngine engine;
  private ApiServer server;

  @BeforeEach
  void start() {
    engine = new FakeEngine();
    socket = folder.resolve("s.sock");
    server =
        ApiServer.start(
            List.of(new Listen.Unix(socket)),
            ApiServer.Access.LOCAL,
            "Kemas/test",
            engine.routers());
  }

  @AfterEach
  void stop() {
    server.close();
    assertThat(socket).doesNotExist();
  }

  RawClient.Answer ask(String method, String path, String body, String... headers)
      throws IOException {
    RawClient.Answer answer = RawClient.ask(socket, method, path, body, headers);
    judge(method, path, answer);
    return answer;
  }

  static void judge(String method, String path, RawClient.Answer answer) {
    String plain = path.split("\\?", 2)[0];
    if (JUDGE.isPresent() && !plain.endsWith("/images/bootstrap")) {
      assertThat(JUDGE.get().judge(method, plain, answer.status(), answer.body()))
          .as("%s %s -> %s %s", method, path, answer.status(), answer.body())
          .isEmpty();
    }
  }

  static boolean hasJudge() {
    return JUDGE.isPresent();
  }
}
