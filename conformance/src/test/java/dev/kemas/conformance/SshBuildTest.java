package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Repositories behind a real ssh server, reached with the keys of a real agent of the client. */
final class SshBuildTest extends Engines {
  @TempDir Path context;
  @TempDir Path home;
  @TempDir Path configuration;

  private SshServer server;
  private Buildx buildx;
  private Path repository;

  @BeforeEach
  void aRepositoryBehindSsh() throws IOException, InterruptedException {
    Daemon.kemasOnly("dockerd's BuildKit of Debian 12 adds no repositories");
    buildx = Buildx.in(daemon, configuration);
    repository = home.resolve("repository");
    Command.of(
            "sh",
            "-euc",
            """
            git init -q -b main "$1"
            cd "$1"
            echo private > file
            git add file
            git -c user.name=a -c user.email=a@b commit -qm one
            """,
            "sh",
            repository.toString())
        .run()
        .expect(0);
    server = SshServer.in(home);
  }

  @AfterEach
  void end() {
    if (server != null) {
      server.close();
    }
  }

  private Command.Result build(String client, String... more)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of("build", "-t", "made:ssh", "--no-cache"));
    line.addAll(List.of(more));
    line.add(".");
    String[] all = line.toArray(String[]::new);
    Command command = client.equals("kemas") ? daemon.command("kemas", all) : buildx.command(all);
    return command.withEnvironment(Map.of("SSH_AUTH_SOCK", server.agent().toString())).run(context);
  }

  private void dockerfile(String text) throws IOException {
    Files.writeString(context.resolve("Dockerfile"), text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"kemas", "docker"})
  void aRepositoryIsAddedWithTheKeysOfTheAgent(String client)
      throws IOException, InterruptedException {
    dockerfile(
        "FROM busybox\nADD %s /tree\nCMD [\"cat\", \"/tree/file\"]\n"
            .formatted(server.address(repository)));
    build(client, "--ssh", "default").expect(0);
    assertThat(docker("run", "--rm", "made:ssh")).isEqualTo("private\n");
    assertThat(server.log()).contains("Accepted publickey");
    Command.Result without = build(client);
    assertThat(without.code()).isNotZero();
    assertThat(without.out() + without.err()).contains("--ssh");
  }

  @ParameterizedTest
  @ValueSource(strings = {"kemas", "docker"})
  void aStepHasTheAgentAndSignsWithIt(String client) throws IOException, InterruptedException {
    hostsClient();
    dockerfile(
        """
        FROM toolbox
        RUN mkdir -p -m 700 /root/.ssh && echo '%s' > /root/.ssh/known_hosts
        RUN --network=host --mount=type=ssh git clone -q %s /tree
        RUN test -z "$SSH_AUTH_SOCK" && ! test -e /run/buildkit/ssh_agent.0
        CMD ["cat", "/tree/file"]
        """
            .formatted(server.known().strip(), server.address(repository)));
    build(client, "--ssh", "default", "--allow", "network.host").expect(0);
    assertThat(docker("run", "--rm", "made:ssh")).isEqualTo("private\n");
    assertThat(build(client, "--allow", "network.host").code()).isNotZero();
    // an agent under another name, of another socket
    dockerfile(
        "FROM toolbox\nRUN --mount=type=ssh,id=other,target=/agent,mode=0666,required"
            + " SSH_AUTH_SOCK=/agent ssh-add -l | grep -q ED25519\n");
    build(client, "--ssh", "other=" + server.agent()).expect(0);
  }

  /** The host's own git and ssh with the libraries they need, as an image. */
  private void hostsClient() throws IOException, InterruptedException {
    if (tryDocker("image", "inspect", "toolbox").code() == 0) {
      return;
    }
    Path tar = home.resolve("toolbox.tar");
    Command.of(
            "sh",
            "-euc",
            """
            programs=/bin/sh
            for name in git ssh ssh-add cat mkdir grep; do
              programs="$programs $(command -v $name)"
            done
            files="$programs $(ldd $programs | grep -o '/[^ )]*' | grep -v ':$' | sort -u)"
            tar -C / -chf "$1" $files /usr/lib/git-core /etc/passwd /etc/group /etc/nsswitch.conf \\
              $(ls -d /lib/*/libnss_files* /usr/lib/*/libnss_files* 2>/dev/null)
            """,
            "sh",
            tar.toString())
        .run()
        .expect(0);
    docker("import", tar.toString(), "toolbox");
  }
}
