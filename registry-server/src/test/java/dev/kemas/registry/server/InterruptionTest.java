package dev.kemas.registry.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.oci.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cut connection, the end of the process, two at once: never a broken blob. */
class InterruptionTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  @TempDir Path folder;

  /** A registry as a process of its own, which can be killed. */
  record Killable(Process process, Http http, int port) implements AutoCloseable {
    static Killable start(Path folder) throws IOException {
      Path log = Files.createTempFile(folder, "registry", ".log");
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  "dev.kemas.registry.server.command.Main",
                  "serve",
                  "--listen",
                  "127.0.0.1:0",
                  "--root",
                  folder.resolve("root").toString())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      AtomicReference<String> port = new AtomicReference<>("");
      Wait.until(
          "the registry listens",
          LIMIT,
          () -> {
            String text = Files.readString(log);
            int at = text.indexOf("listens on /127.0.0.1:");
            if (at >= 0 && text.indexOf(',', at) > 0) {
              port.set(text.substring(at + 22, text.indexOf(',', at)));
            } else if (!process.isAlive()) {
              throw new IllegalStateException("the registry ended at its start: " + text);
            }
            return !port.get().isEmpty();
          });
      int number = Integer.parseInt(port.get());
      return new Killable(process, new Http(URI.create("http://127.0.0.1:" + number)), number);
    }

    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
      http.close();
      process.destroyForcibly();
    }
  }

  /** Sends the first bytes of a longer chunk; the connection stays open. */
  private static Socket half(int port, String location, byte[] bytes, int sent) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    OutputStream out = socket.getOutputStream();
    out.write(
        ("PATCH "
                + location
                + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\n"
                + "Content-Length: "
                + bytes.length
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    out.write(bytes, 0, sent);
    out.flush();
    return socket;
  }

  private long offset(Http http, String location) throws Exception {
    Http.Answer answer = http.get(location);
    if (answer.status() == 429) {
      return -1;
    }
    String range = answer.expect(204).header("Range");
    long last = Long.parseLong(range.substring(range.indexOf('-') + 1));
    return last == 0 ? 0 : last + 1;
  }

  private static void finish(Http http, String location, byte[] blob, long from) throws Exception {
    byte[] rest = Arrays.copyOfRange(blob, (int) from, blob.length);
    http.put(
            location + "?digest=" + Digest.of(blob),
            rest,
            "Content-Type",
            "application/octet-stream",
            "Content-Range",
            from + "-" + (blob.length - 1))
        .expect(201);
  }

  @Test
  void aCutUploadGoesOnWhereTheConnectionBroke() throws Exception {
    byte[] blob = DistributionContract.bytes(1, 3_000_000);
    try (Running registry = Running.start(folder.resolve("registry"), config -> config)) {
      String location =
          registry.http().post("/v2/i/cut/blobs/uploads/").expect(202).header("Location");
      Path ingest =
          folder
              .resolve("registry/content/ingest")
              .resolve(location.substring(location.lastIndexOf('/') + 1));
      // asked for before the bytes come, it would be the one writer itself, and they be refused
      try (Socket open = half(registry.server().address().getPort(), location, blob, 2_000_000)) {
        Wait.until(
            "the bytes have come",
            LIMIT,
            () -> open.isConnected() && Files.exists(ingest) && Files.size(ingest) == 2_000_000);
      }
      Wait.until(
          "the server has noticed, and kept what came",
          LIMIT,
          () -> offset(registry.http(), location) == 2_000_000);
      registry.http().get("/v2/i/cut/blobs/" + Digest.of(blob)).expect(404);
      finish(registry.http(), location, blob, 2_000_000);
      assertThat(registry.http().get("/v2/i/cut/blobs/" + Digest.of(blob)).expect(200).bytes())
          .isEqualTo(blob);
    }
  }

  @Test
  void anUploadOutlivesTheServer() throws Exception {
    byte[] blob = DistributionContract.bytes(2, 3_000_000);
    String location;
    Path ingests = folder.resolve("root/content/ingest");
    try (Killable first = Killable.start(folder)) {
      location = first.http().post("/v2/i/kill/blobs/uploads/").expect(202).header("Location");
      try (Socket open = half(first.port(), location, blob, 2_000_000)) {
        Path ingest = ingests.resolve(location.substring(location.lastIndexOf('/') + 1));
        Wait.until(
            "the bytes have come",
            LIMIT,
            () -> Files.exists(ingest) && Files.size(ingest) == 2_000_000);
        first.kill();
        assertThat(open.isConnected()).isTrue();
      }
    }
    try (Killable second = Killable.start(folder)) {
      second.http().get("/v2/i/kill/blobs/" + Digest.of(blob)).expect(404);
      assertThat(offset(second.http(), location)).isEqualTo(2_000_000);
      finish(second.http(), location, blob, 2_000_000);
      assertThat(second.http().get("/v2/i/kill/blobs/" + Digest.of(blob)).expect(200).bytes())
          .isEqualTo(blob);
    }
  }

  @Test
  void whatWasAnsweredIsThereAfterAKill() throws Exception {
    Sample image = Sample.of(3, 100_000);
    try (Killable first = Killable.start(folder)) {
      image.push(first.http(), "i/kept", "v1");
      first.kill();
    }
    try (Killable second = Killable.start(folder)) {
      assertThat(second.http().get("/v2/i/kept/manifests/v1").expect(200).bytes())
          .isEqualTo(image.manifest());
      assertThat(
              second
                  .http()
                  .get("/v2/i/kept/blobs/" + Digest.of(image.layers().getFirst()))
                  .expect(200)
                  .bytes())
          .isEqualTo(image.layers().getFirst());
    }
  }

  @Test
  void theSameBlobFromManyAtOnceIsOneWholeBlob() throws Exception {
    byte[] blob = DistributionContract.bytes(4, 5_000_000);
    try (Running registry = Running.start(folder.resolve("registry"), config -> config)) {
      CountDownLatch begin = new CountDownLatch(1);
      AtomicReference<Throwable> failure = new AtomicReference<>();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        threads.add(
            Thread.ofPlatform()
                .start(() -> {
                  try {
                    begin.await();
                    Sample.blob(registry.http(), "i/same", blob);
                    byte[] read =
                        registry
                            .http()
                            .get("/v2/i/same/blobs/" + Digest.of(blob))
                            .expect(200)
                            .bytes();
                    assertThat(read).isEqualTo(blob);
                  } catch (Throwable e) {
                    failure.set(e);
                  }
                }));
      }
      begin.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failure.get()).isNull();
    }
  }

  @Test
  void twoWritersOfOneUploadAreToldApart() throws Exception {
    byte[] blob = DistributionContract.bytes(5, 1_000_000);
    try (Running registry = Running.start(folder.resolve("registry"), config -> config)) {
      // the second may come first, and then it is the first that is refused: so in turns
      Wait.until(
          "the second is refused while the first writes",
          LIMIT,
          () -> secondIsRefused(registry, blob));
    }
  }

  private static boolean secondIsRefused(Running registry, byte[] blob) throws Exception {
    String location =
        registry.http().post("/v2/i/two/blobs/uploads/").expect(202).header("Location");
    try (Socket open = half(registry.server().address().getPort(), location, blob, 500_000)) {
      for (int i = 0; i < 20; i++) {
        if (registry.http().patch(location, new byte[10]).status() == 429) {
          return open.isConnected();
        }
      }
      return false;
    }
  }
}
