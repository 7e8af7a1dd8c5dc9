package dev.kemas.api.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.api.ProgressMessage;
import dev.kemas.api.StreamType;
import dev.kemas.api.WaitResult;
import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections taken over, answers that flow, and clients that go away. */
@Timeout(20)
class StreamsTest extends ServerTest {
  private static final String[] UPGRADE = {"Connection: Upgrade", "Upgrade: tcp"};

  private static String frame(int stream, String text) {
    int n = text.length();
    return new String(new char[] {(char) stream, 0, 0, 0, 0, 0, (char) (n >> 8), (char) n}) + text;
  }

  @Test
  void attachUpgradesAndFramesBothStreams() throws IOException {
    engine.when(
        "StreamsBackend.attach",
        a ->
            new FakeAttachment(false, false)
                .says(StreamType.STDOUT, "out")
                .says(StreamType.STDERR, "err")
                .ends());
    try (RawClient client = new RawClient(socket)) {
      client.send("POST", "/v1.51/containers/a/attach?stream=1&stdout=1&stderr=1", "", UPGRADE);
      RawClient.Head head = client.head();
      assertThat(head.status()).isEqualTo(101);
      assertThat(head.header("Upgrade")).isEqualTo("tcp");
      assertThat(head.header("Connection")).isEqualTo("Upgrade");
      assertThat(head.header("Content-Type")).isEqualTo(StreamType.MULTIPLEXED);
      assertThat(client.rest()).isEqualTo(frame(1, "out") + frame(2, "err"));
    }
    assertThat(engine.calls)
        .containsExactly(
            "attach(a, AttachQuery[logs=false, stream=true, stdin=false, stdout=true,"
                + " stderr=true])");
  }

  @Test
  void attachWithoutUpgradeAnswers200AndTheBareStream() throws IOException {
    engine.when(
        "StreamsBackend.attach",
        a -> new FakeAttachment(false, false).says(StreamType.STDOUT, "out").ends());
    try (RawClient client = new RawClient(socket)) {
      client.send("POST", "/v1.41/containers/a/attach?stream=1&stdout=1", "");
      RawClient.Head head = client.head();
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("Transfer-Encoding")).isEmpty();
      assertThat(head.header("Content-Type")).isEqualTo(StreamType.RAW);
      assertThat(client.rest()).isEqualTo(frame(1, "out"));
    }
  }

  @Test
  void theEndOfTheClientsOutputIsTheEndOfStdinAndOutputStillFlows() throws IOException {
    engine.when("StreamsBackend.attach", a -> new FakeAttachment(false, true));
    try (RawClient client = new RawClient(socket)) {
      client.send("POST", "/containers/a/attach?stream=1&stdin=1&stdout=1", "", UPGRADE);
      client.head();
      client.write("hello".getBytes(StandardCharsets.UTF_8));
      assertThat(client.exactly(13)).isEqualTo(frame(1, "hello"));
      client.endOutput();
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void inputRightBehindTheBodyIsNotLost() throws IOException {
    engine.when("ExecBackend.start", a -> new FakeAttachment(true, true));
    engine.when("ExecBackend.inspect", a -> Samples.exec(true));
    try (RawClient client = new RawClient(socket)) {
      String body = "{\"Tty\":true}";
      client.write(
          ("POST /exec/a/start HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
                  + "Content-Type: application/json\r\nContent-Length: 12\r\n\r\n"
                  + body
                  + "early")
              .getBytes(StandardCharsets.UTF_8));
      RawClient.Head head = client.head();
      assertThat(head.status()).isEqualTo(101);
      assertThat(head.header("Content-Type")).isEqualTo(StreamType.RAW);
      assertThat(client.exactly(5)).isEqualTo("early");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0010\u0011", "x\u0010\u0011"})
  void theDetachKeysEndATerminalsAttachmentOnly(String typed) throws Exception {
    FakeAttachment process = new FakeAttachment(true, true);
    engine.when("StreamsBackend.attach", a -> process);
    try (RawClient client = new RawClient(socket)) {
      client.send("POST", "/containers/a/attach?stream=1&stdin=1&stdout=1", "", UPGRADE);
      client.head();
      client.write(typed.getBytes(StandardCharsets.UTF_8));
      assertThat(client.rest()).isEqualTo(typed.replace("\u0010\u0011", ""));
    }
    assertThat(process.closed.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aCommandThatCannotRunSaysSoOnItsStream() throws IOException {
    engine.when(
        "ExecBackend.start",
        a -> {
          throw new Fault.InvalidArgument("exec: \"nope\": executable file not found in $PATH");
        });
    try (RawClient client = new RawClient(socket)) {
      client.send("POST", "/exec/a/start", "{}", UPGRADE);
      assertThat(client.head().status()).isEqualTo(101);
      assertThat(client.rest()).contains("executable file not found").endsWith("\r\n");
    }
  }

  @Test
  void anUnknownExecIs404AndNoUpgrade() throws IOException {
    engine.when(
        "ExecBackend.inspect",
        a -> {
          throw new Fault.NotFound("exec", "a", "No such exec instance: a");
        });
    RawClient.Answer answer = ask("POST", "/exec/a/start", "{}", UPGRADE);
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body()).isEqualTo("{\"message\":\"No such exec instance: a\"}");
  }

  @Test
  void logsComeFramedOrBare() throws IOException {
    for (boolean terminal : new boolean[] {false, true}) {
      engine.when(
          "StreamsBackend.logs",
          a -> new FakeAttachment(terminal, false).says(StreamType.STDOUT, "line\n").ends());
      RawClient.Answer answer = ask("GET", "/containers/a/logs?stdout=1&tail=5&since=1.5", "");
      assertThat(answer.body()).isEqualTo(terminal ? "line\n" : frame(1, "line\n"));
      assertThat(answer.head().header("Content-Type"))
          .isEqualTo(terminal ? StreamType.RAW : StreamType.MULTIPLEXED);
    }
  }

  @Test
  void followedLogsComeAtOnceAndEndWhenTheClientLeaves() throws Exception {
    FakeAttachment output = new FakeAttachment(true, false).says(StreamType.STDOUT, "first\n");
    engine.when("StreamsBackend.logs", a -> output);
    try (RawClient client = new RawClient(socket)) {
      client.send("GET", "/containers/a/logs?stdout=1&follow=1", "");
      assertThat(client.head().status()).isEqualTo(200);
      assertThat(client.chunk()).isEqualTo("first\n");
      output.says(StreamType.STDOUT, "second\n");
      assertThat(client.chunk()).isEqualTo("second\n");
      assertThat(output.closed.getCount()).isEqualTo(1);
    }
    assertThat(output.closed.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void waitSendsItsHeadersBeforeTheContainerEnds() throws Exception {
    CompletableFuture<WaitResult> end = new CompletableFuture<>();
    CountDownLatch closed = new CountDownLatch(1);
    engine.when("LifecycleBackend.waitFor", a -> waiting(end, closed));
    try (RawClient client = new RawClient(socket)) {
      client.send("POST", "/containers/a/wait?condition=next-exit", "");
      assertThat(client.head().status()).isEqualTo(200);
      end.complete(WaitResult.exited(137));
      assertThat(client.chunk()).isEqualTo("{\"StatusCode\":137}");
    }
    assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aWaitEndsWhenItsClientLeaves() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    engine.when("LifecycleBackend.waitFor", a -> waiting(new CompletableFuture<>(), closed));
    try (RawClient client = new RawClient(socket)) {
      client.send("POST", "/containers/a/wait", "");
      client.head();
    }
    assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
  }

  private static LifecycleBackend.Waiting waiting(
      CompletableFuture<WaitResult> end, CountDownLatch closed) {
    return new LifecycleBackend.Waiting() {
      @Override
      public WaitResult await() throws InterruptedException {
        try {
          return end.get();
        } catch (java.util.concurrent.ExecutionException e) {
          throw new InterruptedException();
        } catch (java.util.concurrent.CancellationException e) {
          throw new InterruptedException();
        }
      }

      @Override
      public void close() {
        end.cancel(false);
        closed.countDown();
      }
    };
  }

  @Test
  void aBuildIsCancelledWhenItsClientLeaves() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    engine.when(
        "BuildBackend.build",
        a -> {
          Progress progress = (Progress) a[2];
          progress.onCancel(cancelled::countDown);
          ((InputStream) a[1]).readAllBytes();
          progress.send(ProgressMessage.stream("Step 1/1 : FROM scratch\n"));
          cancelled.await();
          return null;
        });
    try (RawClient client = new RawClient(socket)) {
      client.send("POST", "/build", "tar", "Content-Type: application/x-tar");
      client.head();
      assertThat(client.chunk()).isEqualTo("{\"stream\":\"Step 1/1 : FROM scratch\\n\"}\r\n");
    }
    assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aFaultBeforeTheFirstLineHasAStatusAndALaterOneIsALine() throws IOException {
    engine.when(
        "TransferBackend.pull",
        a -> {
          throw new Fault.NotFound("image", "x", "pull access denied for x");
        });
    assertThat(ask("POST", "/images/create?fromImage=x", "").status()).isEqualTo(404);
    engine.when(
        "TransferBackend.pull",
        a -> {
          ((Progress) a[3]).send(ProgressMessage.status("latest", "Pulling from x"));
          throw new Fault.Unavailable("the registry is gone");
        });
    RawClient.Answer answer = ask("POST", "/images/create?fromImage=x&tag=latest", "");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().split("\r\n"))
        .containsExactly(
            "{\"status\":\"Pulling from x\",\"progressDetail\":{},\"id\":\"latest\"}",
            "{\"error\":\"the registry is gone\","
                + "\"errorDetail\":{\"message\":\"the registry is gone\"}}");
  }

  @Test
  void savedImagesFlowAndUnknownOnesAreRefused() throws IOException {
    engine.when(
        "TransferBackend.save",
        a -> {
          ((java.io.OutputStream) a[1]).write(new byte[300_000]);
          return null;
        });
    RawClient.Answer answer = ask("GET", "/images/get?names=a&names=b", "");
    assertThat(answer.body()).hasSize(300_000);
    assertThat(engine.calls).contains("requireAll([a, b])");
    engine.when(
        "TransferBackend.requireAll",
        a -> {
          throw new Fault.NotFound("image", "a", "No such image: a");
        });
    assertThat(ask("GET", "/images/a/get", "").status()).isEqualTo(404);
  }

  @Test
  void eventsAreLinesThatComeAtOnce() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    engine.when(
        "EventsBackend.subscribe",
        a ->
            new EventsBackend.Subscription() {
              @Override
              public void copyTo(EventsBackend.Listener listener) throws IOException {
                listener.accept(Samples.event());
                try {
                  closed.await();
                } catch (InterruptedException e) {
                  throw new IOException(e);
                }
              }

              @Override
              public void close() {
                closed.countDown();
              }
            });
    try (RawClient client = new RawClient(socket)) {
      client.send("GET", "/events?filters=%7B%22type%22%3A%5B%22container%22%5D%7D", "");
      RawClient.Head head = client.head();
      String event = client.chunk();
      assertThat(event).endsWith("\n");
      judge("GET", "/events", new RawClient.Answer(head, event));
    }
    assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aConnectionServesManyRequests() throws IOException {
    try (RawClient client = new RawClient(socket)) {
      for (int i = 0; i < 50; i++) {
        client.send("GET", "/containers/json", "");
        RawClient.Head head = client.head();
        assertThat(head.status()).isEqualTo(200);
        client.body(head, "GET");
      }
    }
  }

  @Test
  void aClientOfHttp10WithoutHostIsAnswered() throws IOException {
    try (RawClient client = new RawClient(socket)) {
      client.write("GET /_ping HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      assertThat(client.head().status()).isEqualTo(200);
      assertThat(client.rest()).isEqualTo("OK");
    }
  }

  @Test
  void whatIsNoHttpIsRefusedInTheApisWords() throws IOException {
    try (RawClient client = new RawClient(socket)) {
      client.write(
          "GET /_ping HTTP/1.1\r\nHost: x\r\nno header\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      RawClient.Head head = client.head();
      assertThat(head.status()).isEqualTo(400);
      assertThat(client.body(head, "GET")).startsWith("{\"message\":\"invalid request: ");
    }
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() throws IOException {
    char[] filler = new char[9 << 20];
    Arrays.fill(filler, ' ');
    RawClient.Answer answer = ask("POST", "/containers/create", "{" + new String(filler) + "}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("larger than");
  }
}
