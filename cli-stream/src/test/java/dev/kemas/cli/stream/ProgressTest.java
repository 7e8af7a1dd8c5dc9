package dev.kemas.cli.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.api.client.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProgressTest {
  private static final String MESSAGES =
      """
      {"status":"Pulling from library/x","id":"latest"}
      {"status":"Downloading","id":"aaa","progressDetail":{"current":500,"total":1000}}
      {"status":"Downloading","id":"aaa","progressDetail":{"current":1000,"total":1000}}
      {"status":"Pull complete","id":"aaa","progressDetail":{}}
      {"stream":"Step 1/2\\n"}
      {"aux":{"ID":"sha256:1"}}
      """;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<String> ids = new ArrayList<>();

  private String show(String messages, boolean terminal) {
    byte[] bytes = messages.getBytes(StandardCharsets.UTF_8);
    new Progress(out, terminal)
        .show(new JsonReader(new ByteArrayInputStream(bytes)), aux -> ids.add(aux.text("ID")));
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void withoutATerminalEachStatusIsALineAndBarsAreLeftOut() {
    assertThat(show(MESSAGES, false))
        .isEqualTo("latest: Pulling from library/x\naaa: Pull complete\nStep 1/2\n");
    assertThat(ids).containsExactly("sha256:1");
  }

  @Test
  void onATerminalALineIsRewrittenInPlace() {
    assertThat(show(MESSAGES, true))
        .contains("aaa: Downloading [============>           ] 500B/1kB\n")
        .contains("\u001b[1A\u001b[2K\raaa: Pull complete\u001b[1B\r");
  }

  @Test
  void anErrorOnTheWayIsAnErrorWithItsCode() {
    String failure =
        "{\"errorDetail\":{\"code\":3,\"message\":\"returned a non-zero code: 3\"},\"error\":\"x\"}";
    assertThatThrownBy(() -> show(failure, false))
        .isInstanceOf(ProgressError.class)
        .hasMessage("returned a non-zero code: 3")
        .satisfies(e -> assertThat(((ProgressError) e).code()).isEqualTo(3));
  }
}
