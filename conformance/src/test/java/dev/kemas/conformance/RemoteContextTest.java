package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.git.server.GitServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Contexts that are no folder of the client: repositories, archives and Dockerfiles by address. */
final class RemoteContextTest extends Engines {
  private static final String DOCKERFILE =
      "FROM busybox\nCOPY word /word\nCMD [\"cat\", \"/word\"]\n";

  @TempDir Path temp;
  @TempDir Path configuration;
  private Buildx buildx;
  private GitServer server;

  @BeforeEach
  void serve() throws IOException, InterruptedException {
    Daemon.kemasOnly("dockerd has a client of buildx fetch nothing by itself, and its own words");
    buildx = Buildx.in(daemon, configuration);
    Path work = Files.createDirectories(temp.resolve("work"));
    Path served = Files.createDirectories(temp.resolve("served"));
    GitServer.git(work, "init", "-q", "-b", "main");
    Files.writeString(work.resolve("Dockerfile"), DOCKERFILE);
    Files.writeString(work.resolve("word"), "main\n");
    Files.createDirectories(work.resolve("sub"));
    Files.writeString(work.resolve("sub/Dockerfile"), DOCKERFILE);
    Files.writeString(work.resolve("sub/word"), "below\n");
    commit(work);
    GitServer.git(work, "checkout", "-q", "-b", "other");
    Files.writeString(work.resolve("word"), "other\n");
    commit(work);
    GitServer.git(temp, "clone", "-q", "--bare", work.toString(), served + "/a.git");
    server = new GitServer(served);
  }

  private static void commit(Path work) throws IOException, InterruptedException {
    GitServer.git(work, "add", ".");
    GitServer.git(work, "commit", "-q", "-m", "a change");
  }

  @AfterEach
  void stop() throws IOException, InterruptedException {
    tryDocker("rmi", "-f", "made");
    server.close();
  }

  private String git() {
    return server.address() + "/a.git";
  }

  private String made() throws IOException, InterruptedException {
    String said = docker("run", "--rm", "made");
    docker("rmi", "-f", "made");
    return said;
  }

  private Command.Result kemas(String... args) throws IOException, InterruptedException {
    return command("kemas", args).run();
  }

  private Command command(String client, String... args) {
    String[] line = new String[args.length + 3];
    line[0] = "build";
    line[1] = "-t";
    line[2] = "made";
    System.arraycopy(args, 0, line, 3, args.length);
    return client.equals("kemas") ? daemon.command("kemas", line) : buildx.command(line);
  }

  private RawHttp.Response classic(String remote, String... more) throws IOException {
    String path = "/v1.47/build?t=made&remote=" + URLEncoder.encode(remote, StandardCharsets.UTF_8);
    return RawHttp.request(
        daemon.socket(), "POST", path + String.join("", more), "application/x-tar", "");
  }

  @Test
  void aRepositoryIsBuiltThroughAllDoors() throws IOException, InterruptedException {
    String shown = command("buildx", "--progress=plain", git() + "#main").run().expect(0).err();
    assertThat(shown).contains("[internal] load git source " + git() + "#main");
    String first = inspect("made", "{{.Id}}");
    assertThat(made()).isEqualTo("main\n");
    kemas(git() + "#main").expect(0);
    assertThat(inspect("made", "{{.Id}}")).isEqualTo(first);
    assertThat(made()).isEqualTo("main\n");
    RawHttp.Response answer = classic(git() + "#main");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.text()).contains("Successfully built").doesNotContain("\"error\"");
    assertThat(inspect("made", "{{.Id}}")).isEqualTo(first);
    assertThat(made()).isEqualTo("main\n");
  }

  @Test
  void aBranchAndAFolderOfARepositoryAreMeantByTheFragment()
      throws IOException, InterruptedException {
    command("buildx", git() + "#other").run().expect(0);
    assertThat(made()).isEqualTo("other\n");
    command("buildx", git() + "#main:sub").run().expect(0);
    assertThat(made()).isEqualTo("below\n");
    kemas(git() + "?branch=other&subdir=sub").expect(0);
    assertThat(made()).isEqualTo("below\n");
  }

  @Test
  void aDockerfileOfTheClientIsUsedWithARepository() throws IOException, InterruptedException {
    String text = "FROM busybox\nCOPY sub/word /w\nCMD [\"cat\", \"/w\"]\n";
    Path file = Files.writeString(temp.resolve("Mine"), text);
    for (String client : List.of("buildx", "kemas")) {
      command(client, "-f", "-", git()).withInput(text).run().expect(0);
      assertThat(made()).isEqualTo("below\n");
      command(client, "-f", file.toString(), git()).run().expect(0);
      assertThat(made()).isEqualTo("below\n");
      command(client, "-f", "sub/Dockerfile", git() + "#other").run().expect(0);
      assertThat(made()).isEqualTo("other\n");
    }
  }

  @Test
  void aRepositoryIsAFurtherContext() throws IOException, InterruptedException {
    Path context = Files.createDirectories(temp.resolve("context"));
    Files.writeString(
        context.resolve("Dockerfile"),
        "FROM busybox\nCOPY --from=more word /w\nCMD [\"cat\", \"/w\"]\n");
    for (String client : List.of("buildx", "kemas")) {
      command(client, "--build-context", "more=" + git() + "#other", context.toString())
          .run()
          .expect(0);
      assertThat(made()).isEqualTo("other\n");
    }
  }

  @Test
  void aTokenIsShownToItsRemoteAndNowhereElse() throws IOException, InterruptedException {
    Path served = temp.resolve("served/private");
    Files.createDirectories(served);
    GitServer.git(
        temp, "clone", "-q", "--bare", temp.resolve("work").toString(), served + "/b.git");
    server.authorization =
        "Basic "
            + Base64.getEncoder()
                .encodeToString("x-access-token:s3cret".getBytes(StandardCharsets.UTF_8));
    Path secret = Files.writeString(temp.resolve("token"), "s3cret");
    String address = server.address() + "/private/b.git#main";
    for (String client : List.of("buildx", "kemas")) {
      assertThat(command(client, address).run().code()).isNotZero();
      command(client, "--secret", "id=GIT_AUTH_TOKEN,src=" + secret, address).run().expect(0);
      assertThat(made()).isEqualTo("main\n");
    }
  }

  @Test
  void anArchiveAndADockerfileAreBuiltByTheirAddress() throws IOException, InterruptedException {
    Path work = temp.resolve("work");
    Command.of("tar", "-C", work.toString(), "-czf", temp + "/c.tgz", "--exclude=.git", ".")
        .run()
        .expect(0);
    server.files.put("/c.tgz", Files.readAllBytes(temp.resolve("c.tgz")));
    server.files.put(
        "/Dockerfile",
        "FROM busybox\nCMD [\"echo\", \"alone\"]\n".getBytes(StandardCharsets.UTF_8));
    String archive = server.address() + "/c.tgz";
    String alone = server.address() + "/Dockerfile";
    for (String client : List.of("buildx", "kemas")) {
      command(client, archive).run().expect(0);
      assertThat(made()).isEqualTo("other\n");
      command(client, "-f", "sub/Dockerfile", archive).run().expect(0);
      assertThat(made()).isEqualTo("other\n");
      command(client, alone).run().expect(0);
      assertThat(made()).isEqualTo("alone\n");
    }
    assertThat(classic(archive).text()).contains("Successfully built");
    assertThat(made()).isEqualTo("other\n");
    assertThat(classic(alone).text()).contains("Successfully built");
    assertThat(made()).isEqualTo("alone\n");
    assertThat(command("buildx", "--progress=plain", archive).run().expect(0).err())
        .contains("[internal] load remote build context");
  }

  @Test
  void hostileAddressesAreRefusedAtTheDoors() throws IOException, InterruptedException {
    server.moved.put("/inwards.git", "http://169.254.169.254/a.git");
    server.moved.put("/inwards.tgz", "http://169.254.169.254/c.tgz");
    for (String address :
        List.of(
            "ssh://-oProxyCommand=touch%20pwned/x.git",
            server.address() + "/a.git#--upload-pack=touch pwned",
            server.address() + "/a.git#main:../../../etc",
            server.address() + "/inwards.git",
            server.address() + "/inwards.tgz",
            "http://169.254.169.254/latest/meta-data")) {
      RawHttp.Response answer = classic(address);
      assertThat(answer.status() == 200 ? answer.text() : "\"error\"")
          .as(address)
          .contains("\"error\"");
      assertThat(command("buildx", address).run().code()).as(address).isNotZero();
      assertThat(kemas(address).code()).as(address).isNotZero();
    }
    RawHttp.Response file = classic("file://" + temp.resolve("served") + "/a.git");
    assertThat(file.status()).isEqualTo(400);
    assertThat(file.text()).contains("could not be recognized as URL");
    assertThat(tryDocker("image", "inspect", "made").code()).isNotZero();
  }

  @Test
  void anArchiveThatUnfoldsWithoutMeasureIsRefused() throws IOException, InterruptedException {
    Path bomb = temp.resolve("bomb");
    try (InputStream zeros =
        new ProcessBuilder(
                "sh",
                "-c",
                "truncate -s 400M %1$s && tar -c %1$s | xz -0 -c".formatted(bomb.getFileName()))
            .directory(temp.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start()
            .getInputStream()) {
      server.files.put("/bomb.txz", zeros.readAllBytes());
    }
    RawHttp.Response answer = classic(server.address() + "/bomb.txz");
    assertThat(answer.text()).contains("unfold").doesNotContain("Cannot locate");
  }

  @Test
  void whoGoesAwayEndsTheTransfer() throws IOException, InterruptedException {
    server.held = new CountDownLatch(1);
    Process client =
        new ProcessBuilder(command("kemas", git()).line())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      Wait.until(
          "git asks the server",
          Duration.ofSeconds(20),
          () -> server.requests.stream().anyMatch(line -> line.contains("/a.git")));
      assertThat(fetching()).isTrue();
      client.destroyForcibly().waitFor();
      Wait.until("git is gone", Duration.ofSeconds(20), () -> !fetching());
      Path scratch = daemon.dataRoot().resolve("build/scratch");
      Wait.until(
          "its folder is gone",
          Duration.ofSeconds(20),
          () -> {
            try (var left = Files.list(scratch)) {
              return left.findAny().isEmpty();
            }
          });
    } finally {
      client.destroyForcibly();
      server.held.countDown();
    }
  }

  private boolean fetching() {
    return ProcessHandle.allProcesses()
        .anyMatch(process ->
            process.info().commandLine().filter(line -> line.contains(git())).isPresent()
                && process.info().command().filter(name -> name.contains("git")).isPresent());
  }
}
