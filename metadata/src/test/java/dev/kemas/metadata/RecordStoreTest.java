package dev.kemas.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordStoreTest {
  record Thing(String name, int size, Optional<String> note) {}

  private static final Thing A = new Thing("a", 1, Optional.of("n"));
  private static final Thing B = new Thing("b", 2, Optional.empty());

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("kemas.db");
  }

  @Test
  void whatWasWrittenIsThereAfterTheNextOpen() {
    try (RecordStore store = RecordStore.open(file())) {
      Records<Thing> things = store.records("thing", Thing.class);
      things.put("1", A);
      things.put("2", A);
      things.put("2", B);
      things.put("3", B);
      things.remove("3");
      things.remove("never");
      assertThat(things.get("2")).contains(B);
    }
    try (RecordStore store = RecordStore.open(file())) {
      Records<Thing> things = store.records("thing", Thing.class);
      assertThat(things.all()).containsExactly(A, B);
      assertThat(things.keysWithPrefix("2", 5)).containsExactly("2");
      assertThat(store.records("other", Thing.class).all()).isEmpty();
    }
  }

  @Test
  void aTransactionHappensAsAWholeOrNotAtAll() {
    try (RecordStore store = RecordStore.open(file())) {
      Records<Thing> things = store.records("thing", Thing.class);
      Names names = store.names("container");
      store.run(tx -> {
        tx.put(things, "1", A);
        tx.claim(names, "x", "1");
        assertThat(tx.get(things, "1")).contains(A);
        assertThat(tx.owner(names, "x")).contains("1");
        assertThat(things.get("1")).isEmpty();
      });
      assertThatThrownBy(() ->
              store.run(tx -> {
                tx.put(things, "2", B);
                tx.release(names, "x");
                throw new Fault.Cancelled("changed my mind");
              }))
          .isInstanceOf(Fault.Cancelled.class);
      assertThat(things.get("2")).isEmpty();
      assertThat(names.owner("x")).contains("1");
    }
    try (RecordStore store = RecordStore.open(file())) {
      assertThat(store.records("thing", Thing.class).all()).containsExactly(A);
      assertThat(store.names("container").entries()).containsEntry("x", "1");
    }
  }

  @Test
  void aNameHasOneOwner() {
    try (RecordStore store = RecordStore.open(file())) {
      Names names = store.names("container");
      store.run(tx -> tx.claim(names, "x", "1"));
      store.run(tx -> tx.claim(names, "x", "1"));
      assertThatThrownBy(() -> store.run(tx -> tx.claim(names, "x", "2")))
          .isInstanceOf(Fault.Conflict.class)
          .hasMessageContaining("x is already in use by 1");
      store.run(tx -> tx.assign(names, "x", "2"));
      assertThat(names.of("2")).containsExactly("x");
      store.run(tx -> tx.release(names, "x"));
      assertThat(names.owner("x")).isEmpty();
    }
  }

  @Test
  void updateSeesNoOtherWriteInBetween() throws Exception {
    try (RecordStore store = RecordStore.open(file())) {
      Records<Thing> things = store.records("thing", Thing.class);
      things.put("n", new Thing("n", 0, Optional.empty()));
      List<Thread> threads =
          java.util.stream.IntStream.range(0, 4)
              .mapToObj(i ->
                  Thread.ofVirtual()
                      .start(() -> {
                        for (int k = 0; k < 100; k++) {
                          things.update("n", t -> new Thing(t.name(), t.size() + 1, t.note()));
                        }
                      }))
              .toList();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(things.get("n").orElseThrow().size()).isEqualTo(400);
      assertThatThrownBy(() -> things.update("m", t -> t)).isInstanceOf(Fault.NotFound.class);
    }
  }

  @Test
  void aSecondEngineOnTheSameFileIsRefused() {
    try (RecordStore store = RecordStore.open(file())) {
      store.records("thing", Thing.class).put("1", A);
      assertThatThrownBy(() -> RecordStore.open(file()))
          .isInstanceOf(Fault.Conflict.class)
          .hasMessageContaining("another engine has");
    }
  }

  @Test
  void aDamagedFileIsNamed() throws IOException {
    try (RecordStore store = RecordStore.open(file())) {
      Records<Thing> things = store.records("thing", Thing.class);
      for (int i = 0; i < 200; i++) {
        things.put("key" + i, new Thing("x".repeat(200), i, Optional.empty()));
      }
    }
    byte[] bytes = Files.readAllBytes(file());
    for (int i = 4096; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31);
    }
    Files.write(file(), bytes);
    assertThatThrownBy(() -> RecordStore.open(file()).records("thing", Thing.class))
        .isInstanceOf(Fault.DataLoss.class)
        .hasMessageContaining(file().toString());
    Files.write(
        file(), "this is not a database at all, ".repeat(50).getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> RecordStore.open(file()))
        .isInstanceOf(Fault.DataLoss.class)
        .hasMessageContaining("is damaged");
    Files.delete(file());
    RecordStore.open(file()).close();
  }

  @Test
  void aRecordOfAnotherShapeIsNamed() {
    try (RecordStore store = RecordStore.open(file())) {
      store.records("thing", String.class).put("k", "text");
    }
    try (RecordStore store = RecordStore.open(file())) {
      assertThatThrownBy(() -> store.records("thing", Thing.class))
          .isInstanceOf(Fault.DataLoss.class)
          .hasMessageContaining("thing record k");
    }
  }

  @Test
  void aKilledWriterLosesNothingThatItWasTold() throws Exception {
    for (int round = 0; round < 3; round++) {
      Path out = folder.resolve("acknowledged" + round);
      Files.createFile(out);
      Process child =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  KilledWriter.class.getName(),
                  file().toString(),
                  out.toString(),
                  Integer.toString(round))
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("child.log").toFile())
              .start();
      try {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (Files.size(out) < 300 + 170L * round && System.nanoTime() < deadline) {
          assertThat(child.isAlive())
              .as(() -> "the child: " + read(folder.resolve("child.log")))
              .isTrue();
          child.waitFor(Duration.ofMillis(2));
        }
      } finally {
        child.destroyForcibly().waitFor();
      }
      long last = lastWholeLine(out);
      try (RecordStore store = RecordStore.open(file())) {
        Records<Thing> pairs = store.records("pair", Thing.class);
        Names names = store.names("pair");
        for (long i = 0; i <= last; i++) {
          assertThat(pairs.get(round + "-a-" + i)).as("acknowledged %d of %d", i, last).isPresent();
        }
        pairs
            .entries()
            .keySet()
            .forEach(key ->
                assertThat(pairs.get(key.contains("-a-") ? key.replace("-a-", "-b-") : key))
                    .as("the other half of %s", key)
                    .isPresent());
        assertThat(names.entries()).hasSize(pairs.all().size() / 2);
      }
    }
  }

  private static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static long lastWholeLine(Path out) throws IOException {
    String text = Files.readString(out);
    String whole = text.substring(0, text.lastIndexOf('\n'));
    return Long.parseLong(whole.substring(whole.lastIndexOf('\n') + 1));
  }

  /** The program that is killed: writes pairs and says which ones are done. */
  static final class KilledWriter {
    private KilledWriter() {}

    public static void main(String[] args) throws IOException {
      RecordStore store = RecordStore.open(Path.of(args[0]));
      Records<Thing> pairs = store.records("pair", Thing.class);
      Names names = store.names("pair");
      for (long i = 0; ; i++) {
        String n = Long.toString(i);
        store.run(tx -> {
          tx.put(pairs, args[2] + "-a-" + n, A);
          tx.put(pairs, args[2] + "-b-" + n, B);
          tx.claim(names, args[2] + "-" + n, n);
        });
        Files.writeString(Path.of(args[1]), n + "\n", StandardOpenOption.APPEND);
      }
    }
  }

  @Test
  void aWriteTakesAFractionOfAMillisecond() {
    try (RecordStore store = RecordStore.open(file())) {
      Records<Thing> things = store.records("thing", Thing.class);
      Thing big = new Thing("x".repeat(4000), 1, Optional.empty());
      long[] took = new long[2000];
      for (int i = 0; i < took.length; i++) {
        long before = System.nanoTime();
        things.put("k" + i % 50, big);
        took[i] = System.nanoTime() - before;
      }
      java.util.Arrays.sort(took);
      System.out.println("median of a put: " + took[took.length / 2] / 1000 + " us");
      assertThat(Duration.ofNanos(took[took.length / 2])).isLessThan(Duration.ofMillis(1));
    }
  }
}
