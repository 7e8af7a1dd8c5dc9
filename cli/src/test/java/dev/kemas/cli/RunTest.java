package dev.kemas.cli;

import static dev.kemas.cli.FakeEngine.frame;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunTest {
  @TempDir Path folder;
  private final CountDownLatch started = new CountDownLatch(1);

  private String answer(String request) {
    if (request.contains("/create")) {
      return "{\"Id\":\"c1\",\"Warnings\":[\"careful\"]}";
    }
    if (request.contains("/start")) {
      started.countDown();
      return "";
    }
    return request.contains("/wait") ? "{\"StatusCode\":7}" : "{}";
  }

  private void awaitStart() {
    try {
      started.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void attachesAndWaitsBeforeItStartsAndEndsWithTheContainersStatus() throws IOException {
    try (FakeEngine engine =
        new FakeEngine(
            folder,
            this::answer,
            connection -> {
              awaitStart();
              FakeEngine.write(connection, frame(1, "out\n") + frame(2, "err\n"));
            })) {
      Kemas kemas = new Kemas(engine.host(), "");
      assertThat(kemas.run("run", "--rm", "-e", "A=1", "busybox", "sh", "-c", "exit 7"))
          .isEqualTo(7);
      assertThat(kemas.out()).isEqualTo("out\n");
      assertThat(kemas.err()).isEqualTo("WARNING: careful\nerr\n");
      assertThat(engine.requests()).hasSize(4);
      assertThat(engine.requests().get(0))
          .startsWith(
              "POST /containers/create {\"Image\":\"busybox\",\"Cmd\":[\"sh\",\"-c\",\"exit 7\"]")
          .contains("\"Env\":[\"A=1\"]", "\"AutoRemove\":true", "\"AttachStdin\":false");
      assertThat(engine.requests().get(1))
          .isEqualTo("POST /containers/c1/attach?stream=1&stdout=1&stderr=1");
      assertThat(engine.requests().get(2)).isEqualTo("POST /containers/c1/wait?condition=removed");
      assertThat(engine.requests().get(3)).isEqualTo("POST /containers/c1/start");
    }
  }

  @Test
  void standardInputIsSentAndItsEndToo() throws IOException {
    try (FakeEngine engine = new FakeEngine(folder, this::answer, RunTest::echoToTheEnd)) {
      Kemas kemas = new Kemas(engine.host(), "one\ntwo\n");
      kemas.run("run", "-i", "busybox", "cat");
      assertThat(kemas.out()).isEqualTo("one\ntwo\n");
    }
  }

  private static void echoToTheEnd(SocketChannel connection) throws IOException {
    StringBuilder got = new StringBuilder();
    ByteBuffer buffer = ByteBuffer.allocate(1000);
    while (connection.read(buffer.clear()) >= 0) {
      got.append(new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8));
    }
    FakeEngine.write(connection, frame(1, got.toString()));
  }

  @Test
  void aMissingImageIsFetchedOnce() throws IOException {
    AtomicBoolean fetched = new AtomicBoolean();
    try (FakeEngine engine =
        new FakeEngine(
            folder,
            request -> {
              if (request.contains("/images/create")) {
                fetched.set(true);
                return "{\"status\":\"Pulling\",\"id\":\"latest\"}\n{\"status\":\"done\"}\n";
              }
              boolean missing = request.contains("/containers/create") && !fetched.get();
              return missing ? "404 {\"message\":\"No such image: x:latest\"}" : answer(request);
            },
            connection -> {})) {
      Kemas kemas = new Kemas(engine.host(), "");
      assertThat(kemas.run("run", "-d", "x")).isZero();
      assertThat(kemas.out()).isEqualTo("c1\n");
      assertThat(kemas.err())
          .startsWith("Unable to find image 'x:latest' locally\nlatest: Pulling\ndone\n");
      assertThat(engine.requests().get(1)).isEqualTo("POST /images/create?fromImage=x&tag=latest");
    }
  }

  @Test
  void aProgramThatIsNotThereGives127AndOneThatMayNotBeRun126() throws IOException {
    for (List<String> pair :
        List.of(
            List.of("executable file not found in $PATH", "127"),
            List.of("permission denied", "126"))) {
      Path place = Files.createDirectory(folder.resolve(pair.get(1)));
      try (FakeEngine engine =
          new FakeEngine(
              place,
              request ->
                  request.contains("/start")
                      ? "400 {\"message\":\"exec: \\\"x\\\": " + pair.get(0) + "\"}"
                      : answer(request),
              connection -> {})) {
        Kemas kemas = new Kemas(engine.host(), "");
        assertThat(kemas.run("run", "busybox", "x")).isEqualTo(Integer.parseInt(pair.get(1)));
        assertThat(kemas.err())
            .contains("kemas: Error response from daemon: exec: \"x\": " + pair.get(0))
            .contains("Run 'kemas run --help' for more information");
      }
    }
  }

  @Test
  void execEndsWithTheStatusOfItsProcess() throws IOException {
    try (FakeEngine engine =
        new FakeEngine(
            folder,
            request ->
                request.startsWith("POST /containers/c/exec")
                    ? "{\"Id\":\"e1\"}"
                    : "{\"ExitCode\":9}",
            connection -> FakeEngine.write(connection, frame(1, "x")))) {
      Kemas kemas = new Kemas(engine.host(), "");
      assertThat(kemas.run("exec", "-u", "5", "-w", "/tmp", "c", "sh", "-c", "exit 9"))
          .isEqualTo(9);
      assertThat(kemas.out()).isEqualTo("x");
      assertThat(engine.requests().get(0)).contains("\"User\":\"5\"", "\"WorkingDir\":\"/tmp\"");
    }
  }

  @Test
  void theIdFileIsWrittenAndNeverOverwritten() throws IOException {
    Path file = folder.resolve("id");
    try (FakeEngine engine = new FakeEngine(folder, this::answer, connection -> {})) {
      Kemas kemas = new Kemas(engine.host(), "");
      assertThat(kemas.run("create", "--cidfile", file.toString(), "x")).isZero();
      assertThat(file).hasContent("c1");
      assertThat(kemas.run("create", "--cidfile", file.toString(), "x")).isEqualTo(1);
      assertThat(kemas.err()).contains("container ID file found");
    }
  }
}
