package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code kemas build} lends its engine: secrets, agents, folders, places for results. */
final class LentToBuildTest extends Engines {
  @TempDir Path context;
  @TempDir Path elsewhere;

  @BeforeEach
  void onlyHere() {
    Daemon.kemasOnly("the session is opened by our own command");
  }

  private void file(String text) throws IOException {
    Files.writeString(context.resolve("Dockerfile"), text);
  }

  private Command.Result build(String... more) throws IOException, InterruptedException {
    String[] args = new String[more.length + 2];
    args[0] = "build";
    System.arraycopy(more, 0, args, 1, more.length);
    args[args.length - 1] = context.toString();
    return daemon.run("kemas", args);
  }

  @Test
  void aSecretIsSeenByItsStepAndIsNowhereInTheResult() throws IOException, InterruptedException {
    Path secret = Files.writeString(elsewhere.resolve("token"), "s3cr3t-value");
    file("FROM busybox\nRUN --mount=type=secret,id=token wc -c < /run/secrets/token > /length\n");
    Path out = elsewhere.resolve("image.tar");
    build("--secret", "id=token,src=" + secret, "-o", "type=tar,dest=" + out).expect(0);
    assertThat(Command.of("tar", "-xOf", out.toString(), "length").run().expect(0).out().strip())
        .isEqualTo("12");
    assertThat(Command.of("grep", "-c", "s3cr3t-value", out.toString()).run().code()).isEqualTo(1);
    Command.Result missing = build("--secret", "id=token,src=" + elsewhere.resolve("no"));
    assertThat(missing.code()).isNotZero();
    assertThat(missing.err()).contains("not there or not readable");
  }

  @Test
  void anAgentIsInTheStepThatMountsItAlone() throws IOException, InterruptedException {
    Path socket = elsewhere.resolve("agent");
    Process agent =
        new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      Wait.until("the agent listens", Duration.ofSeconds(10), () -> Files.exists(socket));
      file(
          """
          FROM busybox
          RUN --mount=type=ssh test -S "$SSH_AUTH_SOCK"
          RUN test -z "$SSH_AUTH_SOCK"
          """);
      build("--ssh", "default=" + socket).expect(0);
      Command.Result without = build("--no-cache");
      assertThat(without.code()).isNotZero();
    } finally {
      agent.destroyForcibly().waitFor();
    }
    Command.Result none = build("--ssh", "default=" + elsewhere.resolve("nobody"));
    assertThat(none.code()).isNotZero();
    assertThat(none.err()).contains("is no agent's socket");
  }

  @Test
  void theContextAndFoldersByNameTravelWithTheSession() throws IOException, InterruptedException {
    Path named = Files.createDirectory(elsewhere.resolve("named"));
    Files.writeString(named.resolve("n"), "named\n");
    Files.writeString(context.resolve("f"), "one\n");
    Files.writeString(context.resolve("ignored"), "x");
    Files.writeString(context.resolve(".dockerignore"), "ignored\n");
    file("FROM scratch\nCOPY . /\nCOPY --from=more n /\n");
    Path out = elsewhere.resolve("out");
    String[] options = {"--build-context", "more=" + named, "-o", out.toString()};
    build(options).expect(0);
    assertThat(out.resolve("n")).hasContent("named\n");
    assertThat(out.resolve("f")).hasContent("one\n");
    assertThat(out.resolve("ignored")).doesNotExist();
    Files.writeString(context.resolve("f"), "two\n");
    build(options).expect(0);
    assertThat(out.resolve("f")).hasContent("two\n");
  }

  @Test
  void anArchiveOfTheImageCanBeLoaded() throws IOException, InterruptedException {
    file("FROM busybox\nRUN echo hi > /hi\n");
    Path oci = elsewhere.resolve("oci.tar");
    build("-t", "lent:1", "-o", "type=oci,dest=" + oci).expect(0);
    assertThat(tryDocker("image", "inspect", "lent:1").code()).isNotZero();
    assertThat(Command.of("tar", "-tf", oci.toString()).run().expect(0).out())
        .contains("oci-layout", "index.json");
    docker("load", "-i", oci.toString());
    assertThat(docker("run", "--rm", "lent:1", "cat", "/hi")).isEqualTo("hi\n");
    docker("rmi", "lent:1");
  }

  @Test
  void aBuildThatFailsLeavesNoHalfResult() throws IOException, InterruptedException {
    file("FROM busybox\nRUN exit 4\n");
    Path out = elsewhere.resolve("never.tar");
    Command.Result failed = build("-o", "type=tar,dest=" + out);
    assertThat(failed.code()).isEqualTo(4);
    assertThat(elsewhere).isEmptyDirectory();
  }
}
