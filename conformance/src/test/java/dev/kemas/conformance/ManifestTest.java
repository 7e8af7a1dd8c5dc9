package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of images for several platforms, beside Docker's command on the same files. */
final class ManifestTest extends Engines {
  @TempDir Path client;

  @BeforeAll
  void theCommandIsTheSameWhateverTheEngine() {
    Daemon.kemasOnly("the command talks to registries itself: no engine takes part");
  }

  /** How a command of the client under its own configuration ended. */
  private record Ended(int code, String out, String err) {
    Ended expect(int wanted) {
      assertThat(code).as(out + err).isEqualTo(wanted);
      return this;
    }

    JsonNode json() throws IOException {
      return new ObjectMapper().readTree(out);
    }
  }

  private Ended run(String program, String... words) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.add(
        program.equals("kemas") ? Daemon.distribution().resolve("bin/kemas").toString() : program);
    line.addAll(List.of(words));
    Path err = Files.createTempFile(client, "err", "");
    ProcessBuilder builder = new ProcessBuilder(line).redirectError(err.toFile());
    builder.environment().put("DOCKER_CONFIG", client.resolve("config").toString());
    builder.environment().put("DOCKER_HOST", daemon.address());
    Process process = builder.start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), out, Files.readString(err));
  }

  private Ended manifest(String... words) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of("manifest"));
    line.addAll(List.of(words));
    return run("kemas", line.toArray(String[]::new));
  }

  /** An image for each of two processors, pushed to repositories of their own. */
  private void pushBoth(String host) throws IOException, InterruptedException {
    Path root = Files.createDirectories(client.resolve("root"));
    Files.writeString(root.resolve("f"), "x");
    Path tar = client.resolve("root.tar");
    Command.of("tar", "-C", root.toString(), "-cf", tar.toString(), ".").run().expect(0);
    for (String processor : List.of("amd64", "arm64")) {
      String name = host + "/" + processor + "/app:1";
      docker("import", "--platform", "linux/" + processor, tar.toString(), name);
      run("docker", "push", "-q", name).expect(0);
      docker("rmi", name);
    }
  }

  @Test
  void aListGoesToDebiansRegistry() throws IOException, InterruptedException {
    try (RealRegistry registry = RealRegistry.withUser()) {
      run("kemas", "login", "-u", "me", "-p", "sec:ret", registry.host()).expect(0);
      aListIsMadePushedAndPulled(registry.host());
    }
  }

  @Test
  void aListGoesToOurRegistry() throws IOException, InterruptedException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String host = "127.0.0.1:" + port;
    Process registry =
        new ProcessBuilder(
                Daemon.distribution().resolve("bin/kemas-registry").toString(),
                "serve",
                "--listen",
                host,
                "--root",
                client.resolve("registry").toString())
            .redirectErrorStream(true)
            .redirectOutput(client.resolve("registry.log").toFile())
            .start();
    try {
      Wait.until(
          "the registry listens",
          Duration.ofSeconds(30),
          () -> Files.readString(client.resolve("registry.log")).contains("listens on"));
      aListIsMadePushedAndPulled(host);
    } finally {
      registry.destroy();
      assertThat(registry.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  private void aListIsMadePushedAndPulled(String host) throws IOException, InterruptedException {
    pushBoth(host);
    String list = host + "/team/app:1";
    String amd = host + "/amd64/app:1";
    String arm = host + "/arm64/app:1";
    assertThat(manifest("create", list, amd).expect(0).out())
        .isEqualTo("Created manifest list " + list + "\n");
    assertThat(manifest("create", list, arm).expect(1).err())
        .isEqualTo("refusing to amend an existing manifest list with no --amend flag\n");
    manifest("create", "--amend", list, arm).expect(0);

    // Docker's command sees the same list in the same files, before and after an annotation
    assertThat(manifest("inspect", list).expect(0).json())
        .isEqualTo(run("docker", "manifest", "inspect", list).expect(0).json());
    assertThat(manifest("inspect", "-v", list).expect(0).json())
        .isEqualTo(run("docker", "manifest", "inspect", "-v", list).expect(0).json());
    manifest("annotate", "--variant", "v8", "--os-features", "a,b", list, arm).expect(0);
    JsonNode seen = run("docker", "manifest", "inspect", list).expect(0).json();
    assertThat(seen.get("manifests").findValuesAsText("variant")).containsExactly("v8");
    assertThat(manifest("annotate", "--arch", "arm", list, host + "/no:1").expect(1).err())
        .contains("does not exist in " + list);

    String pushed = manifest("push", "--purge", list).expect(0).out();
    assertThat(pushed).contains("Pushed ref " + host + "/team/app@sha256:");
    assertThat(pushed.lines().toList().getLast()).matches("sha256:[0-9a-f]{64}");
    assertThat(manifest("rm", list).expect(1).err()).isEqualTo("No such manifest: " + list + "\n");
    assertThat(manifest("inspect", list).expect(0).json())
        .isEqualTo(run("docker", "manifest", "inspect", "--insecure", list).expect(0).json())
        .isEqualTo(seen);
    assertThat(manifest("inspect", "-v", list).expect(0).json())
        .isEqualTo(run("docker", "manifest", "inspect", "--insecure", "-v", list).expect(0).json());
    assertThat(manifest("create", host + "/other:1", list).expect(1).err())
        .contains(list + " is a manifest list");

    run("docker", "pull", "-q", list).expect(0);
    assertThat(inspect(list, "{{.Architecture}}")).isEqualTo("amd64");
    docker("rmi", list);
    run("kemas", "pull", "-q", "--platform", "linux/arm64", list).expect(0);
    assertThat(inspect(list, "{{.Architecture}}")).isEqualTo("arm64");
    docker("rmi", list);
  }

  @Test
  void mistakesAreNamed() throws IOException, InterruptedException {
    assertThat(manifest("push", "no/list:1").expect(1).err())
        .isEqualTo("No such manifest: no/list:1\n");
    assertThat(manifest("create", "only:1").expect(125).err())
        .contains("requires at least 2 arguments", "Usage:  kemas manifest create");
    assertThat(manifest("frobnicate").expect(1).err())
        .contains("unknown command: kemas manifest frobnicate");
    assertThat(manifest("push", "--help").expect(0).out()).contains("--purge", "--insecure");
    assertThat(run("kemas", "-H", daemon.address(), "manifest", "rm", "no:1").expect(1).err())
        .isEqualTo("No such manifest: no:1\n");
  }
}
