package dev.kemas.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SecretSearchTest {
  private static final int CHUNK = 256 * 1024;

  private static SecretForm form(byte[] bytes) {
    return new SecretForm("s", "as it is", bytes);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> find(String value, byte[] data) throws IOException {
    List<SecretForm> forms = SecretForm.of(new SecretValue("s", bytes(value)));
    return new SecretSearch(forms)
        .in(new ByteArrayInputStream(data)).stream().map(SecretForm::form).distinct().toList();
  }

  @Test
  void findsWhatANaiveSearchFinds() throws IOException {
    long seed = 20261121;
    Random random = new Random(seed);
    for (int round = 0; round < 400; round++) {
      List<SecretForm> forms = new ArrayList<>();
      int letters = 2 + random.nextInt(3);
      for (int i = 0; i <= random.nextInt(5); i++) {
        forms.add(form(text(random, 2 + random.nextInt(9), letters)));
      }
      byte[] data = text(random, random.nextInt(3000), letters);
      List<SecretForm> expected = forms.stream().filter(f -> naive(data, f.bytes())).toList();
      List<SecretForm> found = new SecretSearch(forms).in(new Trickle(data, random));
      assertThat(found).as("seed %d, round %d", seed, round).containsExactlyElementsOf(expected);
    }
  }

  private static byte[] text(Random random, int length, int letters) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (250 + random.nextInt(letters));
    }
    return bytes;
  }

  private static boolean naive(byte[] data, byte[] pattern) {
    String all = new String(data, StandardCharsets.ISO_8859_1);
    return all.contains(new String(pattern, StandardCharsets.ISO_8859_1));
  }

  @Test
  void findsAcrossEveryBorderOfItsBuffer() throws IOException {
    byte[] secret = bytes("a-very-long-secret-value-0123456789");
    SecretSearch search = new SecretSearch(List.of(form(secret), form(bytes("other-one"))));
    for (int shift = -secret.length - 2; shift <= secret.length * 2 + 2; shift++) {
      byte[] data = new byte[3 * CHUNK];
      System.arraycopy(secret, 0, data, CHUNK + shift, secret.length);
      assertThat(search.in(new ByteArrayInputStream(data))).as("shift %d", shift).hasSize(1);
      data[CHUNK + shift]++;
      assertThat(search.in(new ByteArrayInputStream(data))).as("shift %d", shift).isEmpty();
    }
    byte[] atEnd = new byte[2 * CHUNK + 7];
    System.arraycopy(secret, 0, atEnd, atEnd.length - secret.length, secret.length);
    assertThat(search.in(new ByteArrayInputStream(atEnd))).hasSize(1);
  }

  @Test
  void findsTheFormsThatAValueTakes() throws IOException {
    String secret = "p@ss word/+é";
    assertThat(find(secret, bytes("x" + secret + "y"))).containsExactly("as it is");
    for (String before : List.of("", "a", "ab", "user:")) {
      byte[] plain = bytes(before + secret + "!");
      assertThat(find(secret, Base64.getEncoder().encode(plain)))
          .as("after '%s'", before)
          .containsExactly("in base64");
      assertThat(find(secret, Base64.getUrlEncoder().encode(plain))).contains("in base64");
    }
    assertThat(find(secret, bytes("=p%40ss%20word%2F%2B%C3%A9&"))).containsExactly("URL-encoded");
    assertThat(find(secret, bytes("=p%40ss%20word%2f%2b%c3%a9&"))).containsExactly("URL-encoded");
    assertThat(find(secret, bytes("=p%40ss+word%2F%2B%C3%A9&"))).containsExactly("URL-encoded");
    assertThat(find(secret, bytes("p@ss word/+e"))).isEmpty();
  }

  @Test
  void aLineEndAfterTheValueIsNotPartOfIt() throws IOException {
    assertThat(find("abcdefgh\r\n", bytes("token=abcdefgh;"))).containsExactly("as it is");
    assertThat(SecretForm.of(new SecretValue("s", bytes("12345\n")))).isEmpty();
  }

  @Test
  void binaryValuesAreFound() throws IOException {
    byte[] value = {0, -1, 0, -128, 127, 0, 0, -1};
    byte[] data = new byte[CHUNK * 2];
    System.arraycopy(value, 0, data, CHUNK + 40, value.length);
    SecretSearch search = new SecretSearch(SecretForm.of(new SecretValue("s", value)));
    assertThat(search.in(new ByteArrayInputStream(data))).hasSize(1);
  }

  @Test
  void readsHundredsOfMegabytesASecond() throws IOException {
    List<SecretForm> forms = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      forms.addAll(SecretForm.of(new SecretValue("s" + i, bytes("s3cr3t-value/number " + i))));
    }
    SecretSearch search = new SecretSearch(forms);
    byte[] block = new byte[1 << 20];
    new Random(1).nextBytes(block);
    search.in(new Repeated(block, 64));
    long begin = System.nanoTime();
    assertThat(search.in(new Repeated(block, 512))).isEmpty();
    double seconds = (System.nanoTime() - begin) / 1e9;
    System.out.printf("secret search: %.0f MB/s with %d forms%n", 512 / seconds, forms.size());
    assertThat(seconds).as("512 MiB on a machine that does other work too").isLessThan(5);
  }

  /** Few bytes at a time. */
  private static final class Trickle extends InputStream {
    private final byte[] data;
    private final Random random;
    private int at;

    Trickle(byte[] data, Random random) {
      this.data = data;
      this.random = random;
    }

    @Override
    public int read() {
      return at < data.length ? data[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      if (at == data.length) {
        return -1;
      }
      int count = Math.min(Math.min(length, 1 + random.nextInt(7)), data.length - at);
      System.arraycopy(data, at, into, offset, count);
      at += count;
      return count;
    }
  }

  /** One block several times. */
  private static final class Repeated extends InputStream {
    private final byte[] block;
    private long left;

    Repeated(byte[] block, int times) {
      this.block = block;
      this.left = (long) block.length * times;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      if (left == 0) {
        return -1;
      }
      int from = (int) ((-left % block.length + block.length) % block.length);
      int count = (int) Math.min(Math.min(length, block.length - from), left);
      System.arraycopy(block, from, into, offset, count);
      left -= count;
      return count;
    }
  }
}
