package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stock {@code docker compose} builds the images of a project, and runs it. */
final class ComposeTest extends Engines {
  @TempDir Path project;
  @TempDir Path configuration;

  private Buildx client;

  @BeforeEach
  void aProject() throws IOException {
    client = Buildx.in(daemon, configuration).with("docker-compose", "docker-compose");
    file(
        "compose.yaml",
        """
        name: composed
        services:
          app:
            image: composed/app
            build:
              context: app
              dockerfile: build.Dockerfile
              target: final
              args:
                WHO: compose
              additional_contexts:
                more: ./more
                base: docker-image://busybox
              secrets:
                - token
              labels:
                made.by: compose
              tags:
                - composed/app:other
              cache_from:
                - composed/none
              shm_size: 16m
              extra_hosts:
                - "elsewhere=10.1.2.3"
            networks: [inner]
            volumes: [data:/data]
            healthcheck:
              test: ["CMD", "test", "-e", "/data/ready"]
              interval: 200ms
              retries: 50
          second:
            build:
              dockerfile_inline: |
                FROM app
                CMD ["sh", "-c", "cat /said; cat /shared/ready; nslookup app >/dev/null && echo known"]
              additional_contexts:
                app: service:app
            depends_on:
              app:
                condition: service_healthy
            networks: [inner]
            volumes: [data:/shared:ro]
        networks:
          inner:
        volumes:
          data:
        secrets:
          token:
            file: ./token
        """);
    file(
        "app/build.Dockerfile",
        """
        # syntax=docker/dockerfile:1
        FROM base AS final
        ARG WHO=nobody
        COPY --from=more n /n
        COPY src /src
        RUN --mount=type=secret,id=token test "$(cat /run/secrets/token)" = hidden
        RUN cat /etc/hosts && grep -q elsewhere /etc/hosts
        RUN df -k /dev/shm && df -k /dev/shm | grep -q 16384
        RUN echo "made for $WHO" | cat - /n /src/a > /said
        CMD ["sh", "-c", "echo ready > /data/ready; exec sleep 100"]
        FROM base
        RUN false
        """);
    file("app/src/a", "source\n");
    file("more/n", "named\n");
    file("token", "hidden");
  }

  @AfterEach
  void down() throws IOException, InterruptedException {
    compose("down", "--volumes", "--timeout", "0").expect(0);
  }

  private void file(String name, String text) throws IOException {
    Path file = project.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Command.Result compose(String... args) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of("compose", "--progress", "plain"));
    line.addAll(List.of(args));
    return client.command(line.toArray(String[]::new)).run(project);
  }

  @Test
  void aProjectIsBuiltWithAllThatItsServicesSay() throws IOException, InterruptedException {
    compose("build").expect(0);
    assertThat(docker("run", "--rm", "composed/app", "cat", "/said"))
        .isEqualTo("made for compose\nnamed\nsource\n");
    assertThat(inspect("composed/app:other", "{{index .Config.Labels \"made.by\"}}"))
        .isEqualTo("compose");
    assertThat(inspect("composed-second", "{{json .Config.Cmd}}")).contains("cat /said");
    String id = inspect("composed/app", "{{.Id}}");
    compose("build", "app").expect(0);
    assertThat(inspect("composed/app", "{{.Id}}")).isEqualTo(id);
    compose("build", "--build-arg", "WHO=another", "app").expect(0);
    assertThat(docker("run", "--rm", "composed/app", "cat", "/said"))
        .startsWith("made for another");
  }

  @Test
  void whatItBuiltRunsAndIsBuiltAnewWhenItChanges() throws IOException, InterruptedException {
    compose("up", "--build", "--detach").expect(0);
    assertThat(docker("wait", "composed-second-1").strip()).isEqualTo("0");
    assertThat(compose("logs", "--no-log-prefix", "second").expect(0).out())
        .isEqualTo("made for compose\nnamed\nsource\nready\nknown\n");
    assertThat(compose("ps", "--format", "{{.Service}} {{.Health}}").expect(0).out())
        .contains("app healthy");
    assertThat(compose("exec", "-T", "app", "cat", "/said").expect(0).out()).contains("source");
    String before = inspect("composed-app-1", "{{.Image}}");
    file("app/src/a", "changed\n");
    compose("up", "--build", "--detach").expect(0);
    assertThat(inspect("composed-app-1", "{{.Image}}")).isNotEqualTo(before);
    assertThat(docker("wait", "composed-second-1").strip()).isEqualTo("0");
    assertThat(compose("logs", "--no-log-prefix", "second").expect(0).out()).contains("changed");
    assertThat(compose("images").expect(0).out()).contains("composed/app");
  }

  @Test
  void aBuildThatFailsSaysWhere() throws IOException, InterruptedException {
    file("app/build.Dockerfile", "FROM base AS final\nRUN echo last words; exit 3\n");
    Command.Result failed = compose("up", "--build", "--detach");
    assertThat(failed.code()).isNotZero();
    assertThat(failed.out() + failed.err()).contains("last words").contains("exit code: 3");
    assertThat(docker("ps", "-aq")).isBlank();
  }
}
