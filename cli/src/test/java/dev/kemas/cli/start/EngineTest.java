package dev.kemas.cli.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.cli.command.Console;
import dev.kemas.flag.UsageError;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EngineTest {
  private static String open(List<String> hosts, Map<String, String> environment) {
    Console console =
        new Console(
            new ByteArrayInputStream(new byte[0]),
            OutputStream.nullOutputStream(),
            OutputStream.nullOutputStream());
    return Engine.open(hosts, environment, console).endpoint().toString();
  }

  @Test
  void theOptionComesBeforeTheVariablesAndOursBeforeDockers() {
    Map<String, String> both = Map.of("KEMAS_HOST", "unix:///k", "DOCKER_HOST", "unix:///d");
    assertThat(open(List.of("tcp://h:1"), both)).isEqualTo("tcp://h:1");
    assertThat(open(List.of(), both)).isEqualTo("unix:///k");
    assertThat(open(List.of(), Map.of("DOCKER_HOST", "unix:///d"))).isEqualTo("unix:///d");
    assertThatThrownBy(() -> open(List.of("a", "b"), both)).isInstanceOf(UsageError.class);
  }
}
