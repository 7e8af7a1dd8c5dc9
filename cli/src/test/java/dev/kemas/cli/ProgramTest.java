package dev.kemas.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.cli.command.CommandTable;
import dev.kemas.cli.command.Console;
import dev.kemas.cli.command.Release;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProgramTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int kemas(String... words) {
    Console console = new Console(new ByteArrayInputStream(new byte[0]), out, err);
    return new Program(console, Map.of("KEMAS_HOST", "unix:///nowhere/kemas.sock"))
        .run(List.of(words));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void everyNameInTheTableIsACommandWithAHelp() {
    for (CommandTable.Entry entry : CommandTable.all()) {
      if (Commands.create(entry.id()).passesWordsOn()) {
        continue; // another program of the distribution has the help
      }
      for (String path : entry.paths()) {
        String[] words = (path + " --help").split(" ");
        assertThat(kemas(words)).as(path).isZero();
      }
    }
    assertThat(err()).isEmpty();
    assertThat(out()).contains("Usage:  kemas container ls [OPTIONS]").contains("--volume list");
  }

  @Test
  void theHelpOfTheProgramNamesAllGroups() {
    assertThat(kemas()).isZero();
    assertThat(out())
        .contains("Usage:  kemas [OPTIONS] COMMAND", "Management Commands:", "  volume ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pss|1|kemas: unknown command: kemas pss\\n\\nDid you mean 'kemas ps'?\\n\\nRun 'kemas --help'",
        "volume lss|1|Did you mean 'kemas volume ls'?",
        "ps --nope|125|unknown flag: --nope\\n\\nUsage:  kemas ps [OPTIONS]\\n\\nRun 'kemas ps --help'",
        "rm|1|kemas: 'kemas rm' requires at least 1 argument\\n\\nUsage:  kemas rm [OPTIONS] CONTAINER",
        "rename a|1|kemas: 'kemas rename' requires 2 arguments",
        "ps extra|1|kemas: 'kemas ps' accepts no arguments",
        "run --cpus x img|125|invalid argument \"x\" for \"--cpus\" flag: failed to parse x as a rational",
        "run -p foo img|125|kemas: invalid containerPort: foo\\n\\nRun 'kemas run --help'",
        "run --rm --restart always img|125|cannot specify both --restart and --rm",
        "run -d -a stdout img|125|cannot specify both --attach and --detach",
        "ps|1|Cannot connect to the Kemas daemon at unix:///nowhere/kemas.sock. Is the daemon running?",
        "run img|125|kemas: Cannot connect to the Kemas daemon at unix:///nowhere/kemas.sock.",
        "-H tcp://x:y ps|1|invalid port in docker host",
        "-H a -H b ps|1|specify only one -H"
      })
  void errorsAreOneLineAndTheRightStatus(String line, int status, String message) {
    assertThat(kemas(line.split(" "))).isEqualTo(status);
    assertThat(err()).contains(message.replace("\\n", "\n")).doesNotContain("\tat ");
  }

  @Test
  void versionNeedsNoEngine() {
    assertThat(kemas("--version")).isZero();
    assertThat(out()).startsWith("Kemas version ");
  }

  @Test
  void theClientsVersionIsShownEvenIfTheEngineIsNotThere() {
    assertThat(kemas("version", "--format", "{{.Client.Version}}")).isEqualTo(1);
    assertThat(out()).isEqualTo(Release.VERSION + "\n");
    assertThat(err()).contains("Cannot connect");
  }

  @ParameterizedTest
  @CsvSource({
    "bash,complete -o default -F _kemas kemas",
    "zsh,#compdef kemas",
    "fish,complete -c kemas"
  })
  void completionIsMadeFromTheCommands(String shell, String part) {
    assertThat(kemas("completion", shell)).isZero();
    assertThat(out()).contains(part).contains("volume").contains("ps -a --format");
  }
}
