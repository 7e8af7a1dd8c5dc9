package dev.kemas.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.api.server.Listen;
import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DaemonConfigTest {
  @TempDir Path folder;

  private DaemonConfig read(String json, String... arguments) throws IOException {
    Path file = Files.writeString(folder.resolve("daemon.json"), json);
    List<String> all = new ArrayList<>(List.of("--config-file", file.toString()));
    all.addAll(List.of(arguments));
    return DaemonConfig.of(CommandLine.parse(all));
  }

  @Test
  void whatIsNotSaidIsTheDefault() throws IOException {
    DaemonConfig config = read("{}");
    assertThat(config.hosts()).containsExactly(new Listen.Unix(Path.of("/run/kemas/kemas.sock")));
    assertThat(config.dataRoot()).isEqualTo(Path.of("/var/lib/kemas"));
    assertThat(config.execRoot()).isEqualTo(Path.of("/run/kemas"));
    assertThat(config.pidFile()).isEqualTo(Path.of("/run/kemas/kemas.pid"));
    assertThat(config.logLevel()).isEqualTo(DaemonConfig.LogLevel.INFO);
    assertThat(config.shmSize()).isEqualTo(64L << 20);
    assertThat(config.network().interContainer()).isTrue();
  }

  @Test
  void flagsAreReadAsDockerdReadsThem() throws IOException {
    DaemonConfig config =
        read(
            "",
            "-D",
            "-Hunix:///a.sock",
            "--host=tcp://127.0.0.1:2376",
            "--data-root",
            "/d",
            "--exec-root=/e",
            "--add-runtime",
            "kata=/usr/bin/kata",
            "--default-address-pool",
            "base=10.0.0.0/8,size=24",
            "--default-ulimit",
            "nofile=1024:2048",
            "--default-shm-size",
            "128M",
            "--dns",
            "192.0.2.1",
            "--log-opt",
            "max-size=10m",
            "--mtu",
            "1400");
    assertThat(config.hosts())
        .extracting(Listen::toString)
        .containsExactly("unix:///a.sock", "tcp://127.0.0.1:2376");
    assertThat(config.logLevel()).isEqualTo(DaemonConfig.LogLevel.DEBUG);
    assertThat(config.pidFile()).isEqualTo(Path.of("/e/kemas.pid"));
    assertThat(config.runtimes()).isEqualTo(Map.of("kata", "/usr/bin/kata"));
    assertThat(config.network().pools()).containsExactly(new DaemonConfig.Pool("10.0.0.0/8", 24));
    assertThat(config.ulimits())
        .containsExactly(new DaemonConfig.UlimitOption("nofile", 1024, 2048));
    assertThat(config.shmSize()).isEqualTo(128L << 20);
    assertThat(config.logOptions()).isEqualTo(Map.of("max-size", "10m"));
    assertThat(config.network().mtu()).isEqualTo(1400);
  }

  @Test
  void theFileHasDockersKeys() throws IOException {
    DaemonConfig config =
        read(
            """
            {
              "debug": true,
              "hosts": ["unix:///b.sock"],
              "insecure-registries": ["reg:5000"],
              "registry-mirrors": ["https://mirror.example"],
              "default-address-pools": [{"base": "10.0.0.0/8", "size": 24}],
              "runtimes": {"kata": {"path": "/usr/bin/kata"}},
              "default-ulimits": {"nofile": {"Name": "nofile", "Soft": 1, "Hard": 2}},
              "log-opts": {"max-file": "3"},
              "default-runtime": "kata",
              "mtu": 1300,
              "icc": false,
              "dns-search": ["example.org"]
            }
            """,
            "--add-runtime=other=/x");
    assertThat(config.logLevel()).isEqualTo(DaemonConfig.LogLevel.DEBUG);
    assertThat(config.insecureRegistries()).containsExactly("reg:5000");
    assertThat(config.registryMirrors()).containsExactly("https://mirror.example");
    assertThat(config.network().pools()).containsExactly(new DaemonConfig.Pool("10.0.0.0/8", 24));
    assertThat(config.runtimes()).isEqualTo(Map.of("kata", "/usr/bin/kata", "other", "/x"));
    assertThat(config.ulimits()).containsExactly(new DaemonConfig.UlimitOption("nofile", 1, 2));
    assertThat(config.defaultRuntime()).isEqualTo(Optional.of("kata"));
    assertThat(config.network().interContainer()).isFalse();
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"nope\":1} | -D=true |"
            + " the following directives don't match any configuration option: nope",
        "{\"debug\":false} | -D |"
            + " the following directives are specified both as a flag and in the configuration"
            + " file: debug: (from flag: [true], from file: [false])",
        "{\"hosts\":\"unix:///a\"} | -D | \"hosts\" has a value of the wrong type",
        "{\"mtu\":\"x\"} | -D | \"mtu\" has a value of the wrong type",
        "{ | -D | Unexpected end-of-input",
        "{} | --nope | unknown flag: --nope",
        "{} | -Z | unknown shorthand flag: 'Z' in -Z",
        "{} | stray | \"kemasd\" accepts no arguments: stray",
        "{} | --data-root | flag needs an argument: --data-root",
        "{} | --debug=maybe | invalid argument \"maybe\" for \"--debug\" flag",
        "{} | --log-level=loud | invalid logging level: loud",
        "{} | -Hhttp://x | want unix:///PATH or tcp://ADDRESS:PORT",
        "{} | --default-address-pool=10.0.0.0/8 | want base=SUBNET,size=N",
        "{} | --default-ulimit=x | want NAME=SOFT[:HARD]",
        "{} | --default-shm-size=99999999999999t | too large",
        "{} | --mtu=-1 | not a number",
      })
  void refusesWhatCannotBeMeant(String json, String argument, String message) {
    assertThatThrownBy(() -> read(json, argument))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining(message);
  }

  @Test
  void aFileThatIsNamedMustBeThere() {
    assertThatThrownBy(
            () -> DaemonConfig.of(CommandLine.parse(List.of("--config-file=/nowhere.json"))))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("/nowhere.json");
  }

  @Test
  void theHelpNamesEveryFlag() {
    for (Option option : Option.values()) {
      assertThat(CommandLine.help()).contains("--" + option.flag());
    }
  }
}
