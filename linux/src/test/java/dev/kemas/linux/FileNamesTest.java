package dev.kemas.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FileNamesTest {
  @Test
  void valid_utf8_is_itself() {
    String name = "naïve-日本-🚢";
    assertThat(FileNames.encode(name)).isEqualTo(name.getBytes(StandardCharsets.UTF_8));
    assertThat(FileNames.decode(name.getBytes(StandardCharsets.UTF_8))).isEqualTo(name);
  }

  @Test
  void any_bytes_make_the_round_trip() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = new byte[random.nextInt(1, 40)];
      random.nextBytes(bytes);
      assertThat(FileNames.encode(FileNames.decode(bytes))).as("seed " + seed).isEqualTo(bytes);
    }
  }
}
