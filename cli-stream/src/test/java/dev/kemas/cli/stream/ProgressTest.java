package dev.kemas.cli.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.api.client.JsonReader;
import dev.kemas.linux.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
  private long second;

  private String show(Progress progress, String messages) {
    byte[] bytes = messages.getBytes(StandardCharsets.UTF_8);
    progress.show(new JsonReader(new ByteArrayInputStream(bytes)), aux -> ids.add(aux.text("ID")));
    return out.toString(StandardCharsets.UTF_8);
  }

  /** A second passes between two messages. */
  private Progress terminal(Terminal.Size... sizes) {
    Deque<Terminal.Size> left = new ArrayDeque<>(List.of(sizes));
    return Progress.onTerminal(
        out,
        () -> left.size() > 1 ? left.remove() : left.element(),
        () -> ++second * 1_000_000_000L);
  }

  @Test
  void withoutATerminalEachStatusIsALineAndBarsAreLeftOut() {
    assertThat(show(Progress.plain(out), MESSAGES))
        .isEqualTo("latest: Pulling from library/x\naaa: Pull complete\nStep 1/2\n");
    assertThat(ids).containsExactly("sha256:1");
  }

  @Test
  void onATerminalALineIsRewrittenInPlaceWithTheTotalBelow() {
    String shown = show(terminal(new Terminal.Size(60, 24)), MESSAGES);
    assertThat(shown)
        .contains(
            "aaa: Downloading [" + "=".repeat(13) + ">" + " ".repeat(12) + "] 500B/1kB\u001b[K\n")
        .contains("Total: 500B/1kB\u001b[K\n")
        .contains("\r\u001b[3A")
        .contains("aaa: Pull complete\u001b[K\nDownloaded 1kB in 2s (500B/s)\u001b[K\n\u001b[J");
    assertThat(screen(shown, 60))
        .containsExactly(
            "latest: Pulling from library/x",
            "aaa: Pull complete",
            "Downloaded 1kB in 2s (500B/s)",
            "Step 1/2");
  }

  @Test
  void rateAndTimeLeftCountWhatIsStillToCome() {
    String shown =
        show(
            terminal(new Terminal.Size(80, 24)),
            """
            {"status":"Pulling fs layer","id":"a","progressDetail":{"size":4000000}}
            {"status":"Pulling fs layer","id":"b","progressDetail":{"size":96000000}}
            {"status":"Downloading","id":"a","progressDetail":{"current":1000000,"total":4000000}}
            {"status":"Downloading","id":"a","progressDetail":{"current":2000000,"total":4000000}}
            {"status":"Downloading","id":"a","progressDetail":{"current":3000000,"total":4000000}}
            """);
    assertThat(shown).contains("Total: 3MB/100MB  1MB/s  1m37s left");
  }

  @Test
  void whatIsThereAlreadyIsNotCounted() {
    String shown =
        show(
            terminal(new Terminal.Size(80, 24)),
            """
            {"status":"Preparing","id":"a","progressDetail":{}}
            {"status":"Preparing","id":"b","progressDetail":{}}
            {"status":"Layer already exists","id":"b","progressDetail":{}}
            {"status":"Pushing","id":"a","progressDetail":{"current":10,"total":100}}
            {"status":"Pushed","id":"a","progressDetail":{}}
            """);
    assertThat(shown).contains("Total: 10B/100B").contains("Pushed 100B in 1s (100B/s)");
  }

  @Test
  void aSmallTerminalShowsWhatIsUnderWayAndNoLineIsBroken() {
    StringBuilder messages = new StringBuilder();
    for (int i = 0; i < 9; i++) {
      messages.append("{\"status\":\"Pulling fs layer\",\"id\":\"layer").append(i).append("\"}\n");
    }
    for (int i = 0; i < 9; i++) {
      messages.append(
          "{\"status\":\"Downloading\",\"id\":\"layer"
              + i
              + "\",\"progressDetail\":{\"current\":1,\"total\":3}}\n");
      messages.append("{\"status\":\"Pull complete\",\"id\":\"layer").append(i).append("\"}\n");
    }
    String shown = show(terminal(new Terminal.Size(24, 6)), messages.toString());
    assertThat(shown).contains("... and 6 more");
    assertThat(shown.replaceAll("\u001b\\[[0-9]*[A-Z]", "").split("[\r\n]+"))
        .allSatisfy(line -> assertThat(line.length()).isLessThan(24));
    assertThat(screen(shown, 24))
        .startsWith("layer0: Pull complete", "layer1: Pull complete")
        .contains("layer8: Pull complete")
        .hasSize(10);
  }

  @Test
  void aTerminalThatBecomesNarrowerIsDrawnFromTheTopOfTheBrokenLines() {
    String shown =
        show(
            terminal(
                new Terminal.Size(60, 24), new Terminal.Size(60, 24), new Terminal.Size(30, 24)),
            MESSAGES);
    // two lines of 58 and 30 characters take three rows of 30
    assertThat(shown).contains("\r\u001b[4A");
  }

  /** What stands on a terminal of any height when all is written. */
  private static List<String> screen(String written, int columns) {
    List<String> rows = new ArrayList<>(List.of(""));
    int row = 0;
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < written.length(); i++) {
      char c = written.charAt(i);
      if (c == '\u001b') {
        int end = i + 2;
        while (Character.isDigit(written.charAt(end))) {
          end++;
        }
        if (written.charAt(end) == 'A') {
          row -= Integer.parseInt(written.substring(i + 2, end));
        } else if (written.charAt(end) == 'J') {
          rows = new ArrayList<>(rows.subList(0, row));
          rows.add("");
        }
        i = end;
      } else if (c == '\n') {
        rows.set(row, text.toString());
        assertThat(text.length()).isLessThanOrEqualTo(columns);
        text.setLength(0);
        row++;
        if (row == rows.size()) {
          rows.add("");
        }
      } else if (c != '\r') {
        text.append(c);
      }
    }
    return rows.subList(0, rows.size() - 1);
  }

  @Test
  void anErrorOnTheWayIsAnErrorWithItsCode() {
    String failure =
        "{\"errorDetail\":{\"code\":3,\"message\":\"returned a non-zero code: 3\"},\"error\":\"x\"}";
    assertThatThrownBy(() -> show(Progress.plain(out), failure))
        .isInstanceOf(ProgressError.class)
        .hasMessage("returned a non-zero code: 3")
        .satisfies(e -> assertThat(((ProgressError) e).code()).isEqualTo(3));
  }
}
