package dev.kemas.registry.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.oci.Digest;
import dev.kemas.registry.server.InterruptionTest.Killable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server is killed again and again at moments that are drawn, while several clients upload,
 * some of them the same blob. {@code -Dkemas.kill.rounds} says how often, {@code -Dkemas.kill.seed}
 * repeats a run.
 */
class KilledUploadTest {
  private static final int CLIENTS = 3;
  private static final int MOST_BEFORE = 6;
  private static final long LONGEST_MILLIS = 60;
  private static final Duration LIMIT = Duration.ofSeconds(60);
  @TempDir Path folder;

  /** What a client was told to be there. */
  private final Map<Digest, byte[]> created = new ConcurrentHashMap<>();

  @Test
  void noBlobIsEverBrokenAndWhatWasAnsweredIsThere() throws Exception {
    int rounds = Integer.getInteger("kemas.kill.rounds", 6);
    long seed = Long.getLong("kemas.kill.seed", System.nanoTime());
    Random draw = new Random(seed);
    for (int round = 0; round < rounds; round++) {
      try (Killable server = Killable.start(folder)) {
        check(server, "round " + round + " of seed " + seed);
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
          // the first two send the same blobs
          long blobs = seed + 1000L * round + 100L * Math.max(0, i - 1);
          boolean chunked = i % 2 == 0;
          clients.add(Thread.ofPlatform().start(() -> upload(server, blobs, chunked)));
        }
        int enough = created.size() + 1 + draw.nextInt(MOST_BEFORE);
        Wait.until("some uploads are through", LIMIT, () -> created.size() >= enough);
        LockSupport.parkNanos(Duration.ofMillis(draw.nextLong(LONGEST_MILLIS)).toNanos());
        server.kill();
        for (Thread client : clients) {
          client.join();
        }
      }
    }
    try (Killable server = Killable.start(folder)) {
      check(server, "the end of seed " + seed);
    }
    assertThat(created).as("uploads of seed " + seed).isNotEmpty();
  }

  /** One blob after the other, until the server is gone. */
  private void upload(Killable server, long seed, boolean chunked) {
    try {
      for (long i = 0; ; i++) {
        byte[] blob = DistributionContract.bytes(seed + i, 300_000 + (int) (seed + i & 0xFFFF));
        Digest digest = Digest.of(blob);
        Http http = server.http();
        if (chunked) {
          String location = http.post("/v2/k/blobs/blobs/uploads/").expect(202).header("Location");
          http.patch(location, blob).expect(202);
          http.put(location + "?digest=" + digest, new byte[0]).expect(201);
        } else {
          http.send("POST", "/v2/k/blobs/blobs/uploads/?digest=" + digest, blob).expect(201);
        }
        created.put(digest, blob);
      }
    } catch (IOException e) {
      // killed: the next round is another server
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void check(Killable server, String when) throws Exception {
    for (Map.Entry<Digest, byte[]> blob : created.entrySet()) {
      assertThat(server.http().get("/v2/k/blobs/blobs/" + blob.getKey()).expect(200).bytes())
          .as(when)
          .isEqualTo(blob.getValue());
    }
    try (Stream<Path> files = Files.list(folder.resolve("root/content/blobs/sha256"))) {
      for (Path file : files.toList()) {
        assertThat(Digest.of(Files.readAllBytes(file)).hex())
            .as(when)
            .isEqualTo(file.getFileName().toString());
      }
    }
  }
}
