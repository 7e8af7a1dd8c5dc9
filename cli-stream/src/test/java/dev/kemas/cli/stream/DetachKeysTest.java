package dev.kemas.cli.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class DetachKeysTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private boolean type(DetachKeys keys, String typed) {
    byte[] bytes = typed.getBytes(StandardCharsets.ISO_8859_1);
    return keys.scan(bytes, bytes.length, out);
  }

  private String passed() {
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  @Test
  void theDefaultSequenceLeaves() {
    DetachKeys keys = DetachKeys.parse("");
    assertThat(type(keys, "ls\u0010")).isFalse();
    assertThat(type(keys, "\u0011")).isTrue();
    assertThat(passed()).isEqualTo("ls");
  }

  @Test
  void halfASequenceIsHandedOn() {
    DetachKeys keys = DetachKeys.parse("");
    assertThat(type(keys, "a\u0010b\u0010\u0010c")).isFalse();
    assertThat(passed()).isEqualTo("a\u0010b\u0010\u0010c");
  }

  @Test
  void otherSequences() {
    assertThat(type(DetachKeys.parse("ctrl-a,d"), "x\u0001d")).isTrue();
    assertThat(type(DetachKeys.parse("ctrl-\\"), "\u001c")).isTrue();
    assertThatThrownBy(() -> DetachKeys.parse("ctrl-?"))
        .hasMessageContaining("invalid detach keys");
  }
}
