package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGHUP reads the configuration file again. */
final class ReloadTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  @TempDir Path folder;
  private Daemon daemon;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    file("{\"labels\": [\"a=1\"]}");
    daemon = Daemon.start("--config-file", folder.resolve("daemon.json").toString());
  }

  @AfterEach
  void end() throws IOException {
    daemon.close();
  }

  private void file(String json) throws IOException {
    Files.writeString(folder.resolve("daemon.json"), json);
  }

  private String info(String format) throws IOException, InterruptedException {
    return daemon.ok("docker", "info", "-f", format).strip();
  }

  private void hangUp() throws IOException, InterruptedException {
    Command.of("kill", "-HUP", "" + daemon.pid()).run().expect(0);
  }

  @Test
  void whatCanChangeChangesAndIsTold() throws IOException, InterruptedException {
    assertThat(info("{{.Debug}} {{.Labels}}")).isEqualTo("false [a=1]");
    file(
        """
        {"debug": true, "labels": ["b=2"], "insecure-registries": ["reg.test:5000"],
         "registry-mirrors": ["https://mirror.test/"], "max-concurrent-downloads": 7,
         "runtimes": {"other": {"path": "/usr/bin/runc"}}, "default-runtime": "other"}
        """);
    hangUp();
    Wait.until("the labels have changed", LIMIT, () -> info("{{.Labels}}").equals("[b=2]"));
    assertThat(info("{{.Debug}} {{.DefaultRuntime}} {{.RegistryConfig.Mirrors}}"))
        .isEqualTo("true other [https://mirror.test/]");
    assertThat(info("{{json .RegistryConfig.IndexConfigs}}")).contains("reg.test:5000");
    String now = "" + (System.currentTimeMillis() / 1000 + 1);
    assertThat(
            daemon.ok(
                "docker",
                "events",
                "--since",
                "1",
                "--until",
                now,
                "--filter",
                "type=daemon",
                "--format",
                "{{.Action}} {{.Actor.Attributes.labels}}"
                    + " {{index .Actor.Attributes \"max-concurrent-downloads\"}}"))
        .isEqualTo("reload [\"b=2\"] 7\n");
  }

  @Test
  void aFileThatIsNotValidChangesNothing() throws IOException, InterruptedException {
    Daemon.kemasOnly("dockerd words its log otherwise");
    for (String bad :
        new String[] {
          "{\"labels\": [\"c=3\"], \"nope\": 1}",
          "{\"labels\": ",
          "{\"labels\": [\"c=3\"], \"default-runtime\": \"none-such\"}"
        }) {
      int before = daemon.log().length();
      file(bad);
      hangUp();
      Wait.until(
          "the failure is in the log",
          LIMIT,
          () -> daemon.log().substring(before).contains("stays as it was"));
      assertThat(info("{{.Labels}}")).isEqualTo("[a=1]");
    }
    assertThat(daemon.log()).contains("nope", "none-such");
  }
}
