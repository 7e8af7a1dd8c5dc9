package dev.kemas.api.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class StdioFramesTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private static byte[] frames(Object... streamAndText) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < streamAndText.length; i += 2) {
      byte[] text = ((String) streamAndText[i + 1]).getBytes(StandardCharsets.UTF_8);
      bytes.writeBytes(new byte[] {((Integer) streamAndText[i]).byteValue(), 0, 0, 0});
      bytes.writeBytes(new byte[] {0, 0, (byte) (text.length >> 8), (byte) text.length});
      bytes.writeBytes(text);
    }
    return bytes.toByteArray();
  }

  private void copy(byte[] bytes) throws IOException {
    StdioFrames.copy(new ByteArrayInputStream(bytes), out, err);
  }

  @Test
  void tellsTheStreamsApart() throws IOException {
    copy(frames(1, "a", 2, "b", 1, "c".repeat(1000), 0, "d"));
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("a" + "c".repeat(1000) + "d");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("b");
  }

  @Test
  void anEndWithinAFrameIsAnError() {
    byte[] whole = frames(1, "abc");
    byte[] cut = java.util.Arrays.copyOf(whole, whole.length - 1);
    assertThatThrownBy(() -> copy(cut)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> copy(java.util.Arrays.copyOf(whole, 5)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void bytesThatAreNoFrameAreAnError() {
    assertThatThrownBy(() -> copy("hello, world".getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("Unrecognized input header");
  }

  @Test
  void anErrorFrameEndsTheCopyWithItsText() {
    assertThatThrownBy(() -> copy(frames(1, "a", 3, "boom"))).hasMessageContaining("boom");
  }
}
