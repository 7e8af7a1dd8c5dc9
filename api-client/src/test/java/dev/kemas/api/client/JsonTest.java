package dev.kemas.api.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"b\":1,\"a\":[true,false,null,-1.50e+3],\"c\":{}}",
        "[]",
        "\"a\\\"b\\\\c\\n\\u0001é😀\"",
        "12345678901234567890",
        "{\"empty\":\"\",\"list\":[[],[{}]]}"
      })
  void keepsWhatItRead(String text) {
    assertThat(Json.parse(text).write()).isEqualTo(text);
  }

  @Test
  void understandsEscapes() {
    assertThat(Json.parse("\"\\u00e9 \\ud83d\\ude00 \\/ \\t\"").text()).isEqualTo("é 😀 / \t");
  }

  @Test
  void anAbsentFieldIsEmptyWhateverItIsReadAs() {
    Json none = Json.parse("{\"a\":{\"b\":5}}").get("x").get("y");
    assertThat(none.text()).isEmpty();
    assertThat(none.number()).isZero();
    assertThat(none.items()).isEmpty();
    assertThat(none.isNull()).isTrue();
    assertThat(Json.parse("{\"a\":{\"b\":5}}").get("a").get("b").number()).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"a\"}", "[1,]", "\"a", "tru", "{\"a\":1} x", "-", "\"\\x\""})
  void refusesWhatIsNoJson(String text) {
    assertThatThrownBy(() -> Json.parse(text))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("malformed JSON at byte");
  }

  @Test
  void refusesAbsurdDepth() {
    assertThatThrownBy(() -> Json.parse("[".repeat(100_000)))
        .isInstanceOf(Fault.InvalidArgument.class);
  }

  @Test
  void readsValuesOneAfterAnotherInPiecesOfOneByte() {
    byte[] bytes = "{\"a\":\"ü\\n\"}\r\n{\"a\":\"x\"} [1]".getBytes(StandardCharsets.UTF_8);
    InputStream drops =
        new ByteArrayInputStream(bytes) {
          @Override
          public synchronized int read(byte[] target, int offset, int length) {
            return super.read(target, offset, Math.min(1, length));
          }
        };
    JsonReader reader = new JsonReader(drops);
    assertThat(reader.next().orElseThrow().text("a")).isEqualTo("ü\n");
    assertThat(reader.next().orElseThrow().text("a")).isEqualTo("x");
    assertThat(reader.next().orElseThrow().items()).hasSize(1);
    assertThat(reader.next()).isEmpty();
  }

  @Test
  void prettyIsWhatDockerInspectPrints() {
    Json.Obj object = Json.object().put("A", 1).put("B", List.of("x", "y")).put("C", Json.object());
    assertThat(new Json.Arr().add(object).pretty("    "))
        .isEqualTo(
            """
            [
                {
                    "A": 1,
                    "B": [
                        "x",
                        "y"
                    ],
                    "C": {}
                }
            ]\
            """);
  }
}
