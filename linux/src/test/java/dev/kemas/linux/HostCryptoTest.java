package dev.kemas.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.InvalidAlgorithmParameterException;
import java.security.MessageDigest;
import java.security.Security;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Java's own hashes and ciphers are the judge. */
class HostCryptoTest {
  private static final String JAVA = "SUN";
  private static final String JAVA_CIPHERS = "SunJCE";
  private static final String HOST = "KemasHostCrypto";
  private final Random random = new Random(11);

  @BeforeAll
  static void install() {
    assertThat(HostCrypto.install()).hasValueSatisfying(n -> assertThat(n).contains("libcrypto"));
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
    HostCrypto.install();
    assertThat(Security.getProviders()).hasSize(before);
  }

  private static byte[] ofJava(int... bytes) throws Exception {
    MessageDigest judge = MessageDigest.getInstance("SHA-256", JAVA);
    for (int b : bytes) {
      judge.update((byte) b);
    }
    return judge.digest();
  }

  private static Cipher gcm(String provider, int mode, byte[] key, byte[] iv) throws Exception {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", provider);
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, iv));
    return cipher;
  }

  private byte[] drawn(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  @Test
  void each_encrypts_what_the_other_decrypts() throws Exception {
    for (int round = 0; round < 200; round++) {
      byte[] key = drawn(random.nextBoolean() ? 16 : 32);
      byte[] iv = drawn(12);
      byte[] aad = drawn(random.nextInt(3) == 0 ? 0 : random.nextInt(40));
      byte[] text = drawn(random.nextInt(random.nextBoolean() ? 50 : 70_000));
      Cipher judge = gcm(JAVA_CIPHERS, Cipher.ENCRYPT_MODE, key, iv);
      judge.updateAAD(aad);
      byte[] wanted = judge.doFinal(text);
      Cipher host = gcm(HOST, Cipher.ENCRYPT_MODE, key, iv);
      host.updateAAD(ByteBuffer.wrap(aad));
      int half = random.nextInt(text.length + 1);
      assertThat(host.update(text, 0, half)).isNullOrEmpty();
      assertThat(host.getOutputSize(text.length - half)).isEqualTo(wanted.length);
      assertThat(host.doFinal(text, half, text.length - half)).isEqualTo(wanted);
      assertThat(host.getIV()).isEqualTo(iv);

      Cipher back = gcm(HOST, Cipher.DECRYPT_MODE, key, iv);
      for (boolean direct : new boolean[] {true, false}) {
        back.updateAAD(aad);
        // in place, as TLS does it
        ByteBuffer buffer =
            direct ? ByteBuffer.allocateDirect(wanted.length) : ByteBuffer.allocate(wanted.length);
        buffer.put(wanted).flip();
        assertThat(back.doFinal(buffer.duplicate(), buffer)).isEqualTo(text.length);
        byte[] got = new byte[text.length];
        buffer.flip().get(got);
        assertThat(got).isEqualTo(text);
      }
    }
  }

  @Test
  void what_was_changed_is_refused_and_nothing_of_it_handed_out() throws Exception {
    byte[] key = drawn(16);
    byte[] iv = drawn(12);
    byte[] right = gcm(HOST, Cipher.ENCRYPT_MODE, key, iv).doFinal(drawn(1000));
    Cipher host = gcm(HOST, Cipher.DECRYPT_MODE, key, iv);
    for (int at : new int[] {0, 999, 1000, 1015}) {
      byte[] wrong = right.clone();
      wrong[at] ^= 1;
      byte[] into = new byte[1000];
      assertThatThrownBy(() -> host.doFinal(wrong, 0, wrong.length, into, 0))
          .isInstanceOf(AEADBadTagException.class);
      assertThat(into).containsOnly(0);
    }
    assertThatThrownBy(() -> host.doFinal(new byte[15])).isInstanceOf(AEADBadTagException.class);
    host.updateAAD(new byte[] {1});
    assertThatThrownBy(() -> host.doFinal(right)).isInstanceOf(AEADBadTagException.class);
    assertThat(host.doFinal(right)).hasSize(1000);
  }

  @Test
  void an_iv_serves_for_one_message_of_a_key() throws Exception {
    byte[] key = drawn(32);
    byte[] iv = drawn(12);
    Cipher host = gcm(HOST, Cipher.ENCRYPT_MODE, key, iv);
    host.doFinal(new byte[5]);
    assertThatThrownBy(() -> host.doFinal(new byte[5])).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() ->
            host.init(
                Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, iv)))
        .isInstanceOf(InvalidAlgorithmParameterException.class);
    iv[0]++;
    host.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, iv));
    assertThat(host.doFinal(new byte[5])).hasSize(21);
  }

  @Test
  void what_it_does_not_take_is_left_to_java() throws Exception {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(drawn(24), "AES"),
        new GCMParameterSpec(96, drawn(16)));
    assertThat(cipher.getProvider().getName()).isEqualTo(JAVA_CIPHERS);
    assertThat(cipher.doFinal(new byte[10])).hasSize(22);
  }
}
