package dev.kemas.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.Security;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Java's own hashes are the judge. */
class HostDigestsTest {
  private static final String JAVA = "SUN";
  private static final String HOST = "KemasHostDigests";
  private final Random random = new Random(11);

  @BeforeAll
  static void install() {
    assertThat(HostDigests.install()).hasValueSatisfying(n -> assertThat(n).contains("libcrypto"));
  }

  @AfterAll
  static void takeOut() {
    Security.removeProvider(HOST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SHA-256", "SHA-512", "SHA256"})
  void pieces_of_any_kind_and_size_give_the_hash_that_java_gives(String algorithm)
      throws Exception {
    MessageDigest host = MessageDigest.getInstance(algorithm);
    MessageDigest judge = MessageDigest.getInstance(algorithm, JAVA);
    assertThat(host.getProvider().getName()).isEqualTo(HOST);
    assertThat(host.getDigestLength()).isEqualTo(judge.getDigestLength());
    for (int round = 0; round < 50; round++) {
      for (int piece = random.nextInt(6); piece > 0; piece--) {
        byte[] bytes = new byte[random.nextInt(random.nextBoolean() ? 200 : 300_000)];
        random.nextBytes(bytes);
        judge.update(bytes);
        switch (random.nextInt(5)) {
          case 0 -> host.update(bytes);
          case 1 -> {
            byte[] wider = new byte[bytes.length + 7];
            System.arraycopy(bytes, 0, wider, 3, bytes.length);
            host.update(wider, 3, bytes.length);
          }
          case 2 -> update(host, ByteBuffer.wrap(bytes));
          case 3 -> update(host, ByteBuffer.wrap(bytes).asReadOnlyBuffer());
          default -> update(host, ByteBuffer.allocateDirect(bytes.length + 5).put(bytes).flip());
        }
        byte one = (byte) random.nextInt();
        host.update(one);
        judge.update(one);
      }
      // digest() also starts over
      assertThat(host.digest()).isEqualTo(judge.digest());
    }
  }

  private static void update(MessageDigest hash, ByteBuffer bytes) {
    hash.update(bytes);
    assertThat(bytes.hasRemaining()).isFalse();
  }

  @Test
  void a_copy_goes_its_own_way() throws Exception {
    MessageDigest one = MessageDigest.getInstance("SHA-256");
    one.update((byte) 1);
    MessageDigest other = (MessageDigest) one.clone();
    other.update((byte) 2);
    assertThat(one.digest()).isEqualTo(ofJava(1));
    assertThat(other.digest()).isEqualTo(ofJava(1, 2));
  }

  @Test
  void reset_forgets_what_came() throws Exception {
    MessageDigest hash = MessageDigest.getInstance("SHA-256");
    hash.update(new byte[100]);
    hash.reset();
    hash.update((byte) 3);
    assertThat(hash.digest()).isEqualTo(ofJava(3));
  }

  @Test
  void a_piece_outside_of_its_array_is_refused() throws Exception {
    MessageDigest hash = MessageDigest.getInstance("SHA-256");
    assertThatThrownBy(() -> hash.update(new byte[10], 5, 6))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** States are given back while others are in use; a mistake there ends the process. */
  @Test
  void many_hashes_at_once_do_not_touch_each_other() throws Exception {
    byte[] expected = MessageDigest.getInstance("SHA-256", JAVA).digest(new byte[4096]);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      var rounds =
          IntStream.range(0, 8)
              .<Future<Boolean>>mapToObj(i ->
                  threads.submit(() -> {
                    for (int n = 0; n < 20_000; n++) {
                      byte[] hash = MessageDigest.getInstance("SHA-256").digest(new byte[4096]);
                      if (!MessageDigest.isEqual(hash, expected)) {
                        return false;
                      }
                    }
                    return true;
                  }))
              .toList();
      for (Future<Boolean> round : rounds) {
        assertThat(round.get()).isTrue();
      }
    }
  }

  @Test
  void a_second_installation_changes_nothing() {
    int before = Security.getProviders().length;
    HostDigests.install();
    assertThat(Security.getProviders()).hasSize(before);
  }

  private static byte[] ofJava(int... bytes) throws Exception {
    MessageDigest judge = MessageDigest.getInstance("SHA-256", JAVA);
    for (int b : bytes) {
      judge.update((byte) b);
    }
    return judge.digest();
  }
}
