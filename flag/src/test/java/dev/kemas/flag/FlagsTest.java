package dev.kemas.flag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FlagsTest {
  private static Flags run(String... words) {
    Flags flags =
        new Flags()
            .stopAtFirstArgument()
            .toggle("interactive", 'i', "")
            .toggle("tty", 't', "")
            .toggle("detach", 'd', "")
            .toggleOn("sig-proxy", "")
            .value("name", "string", "")
            .value("memory", 'm', "bytes", "")
            .value("stop-timeout", "int", "")
            .list("env", 'e', "");
    flags.parse(List.of(words));
    return flags;
  }

  @Test
  void switchesMayStandTogether() {
    Flags flags = run("-dit", "image");
    assertThat(flags.isOn("interactive")).isTrue();
    assertThat(flags.isOn("tty")).isTrue();
    assertThat(flags.isOn("detach")).isTrue();
    assertThat(flags.arguments()).containsExactly("image");
  }

  @ParameterizedTest
  @CsvSource({"-m 5m", "-m5m", "-m=5m", "--memory 5m", "--memory=5m", "-im 5m", "-im5m"})
  void everyFormOfAValueIsTheSame(String line) {
    assertThat(run(line.split(" ")).text("memory")).isEqualTo("5m");
  }

  @Test
  void whatFollowsTheImageBelongsToTheCommand() {
    Flags flags = run("-e", "A=1", "-e", "B=2", "image", "ls", "-t", "--name", "x");
    assertThat(flags.all("env")).containsExactly("A=1", "B=2");
    assertThat(flags.arguments()).containsExactly("image", "ls", "-t", "--name", "x");
    assertThat(flags.isOn("tty")).isFalse();
  }

  @Test
  void optionsMayFollowArgumentsElsewhere() {
    Flags flags = new Flags().toggle("force", 'f', "").toggle("volumes", 'v', "");
    flags.parse(List.of("a", "-f", "b", "--", "-v"));
    assertThat(flags.isOn("force")).isTrue();
    assertThat(flags.arguments()).containsExactly("a", "b", "-v");
  }

  @Test
  void aSwitchCanBeTurnedOff() {
    assertThat(run("--sig-proxy=false").isOn("sig-proxy")).isFalse();
    assertThat(run("image").isOn("sig-proxy")).isTrue();
  }

  @Test
  void theLastOfSeveralValuesCounts() {
    assertThat(run("--name", "a", "--name=b").text("name")).isEqualTo("b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--foo|unknown flag: --foo",
        "-x|unknown shorthand flag: 'x' in -x",
        "-tx|unknown shorthand flag: 'x' in -tx",
        "--name|flag needs an argument: --name",
        "-m|flag needs an argument: 'm' in -m",
        "--tty=maybe|invalid argument \"maybe\" for \"-t, --tty\" flag: strconv.ParseBool: parsing"
            + " \"maybe\": invalid syntax",
        "--stop-timeout=x|invalid argument \"x\" for \"--stop-timeout\" flag: strconv.ParseInt:"
            + " parsing \"x\": invalid syntax"
      })
  void mistakesAreToldInDockersWords(String word, String message) {
    assertThatThrownBy(() -> run(word)).isInstanceOf(UsageError.class).hasMessage(message);
  }

  @Test
  void helpIsSortedFoldedAndTellsWhatIsPreset() {
    Flags flags =
        new Flags()
            .value("tail", 'n', "string", "Number of lines", "all")
            .toggle("follow", 'f', "Follow log output");
    assertThat(FlagHelp.lines(flags))
        .containsExactly(
            "  -f, --follow        Follow log output",
            "  -n, --tail string   Number of lines (default \"all\")");
  }
}
