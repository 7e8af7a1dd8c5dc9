package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pulls under a policy of signatures: signed by the real cosign, kept by a real registry. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SignatureTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private Path folder;
  private String cosign;
  private RealRegistry registry;
  private Daemon daemon;

  @BeforeAll
  void open(@TempDir Path temporary) throws IOException, InterruptedException {
    Daemon.kemasOnly("dockerd has no policy of signatures");
    Optional<Path> program = program();
    Assumptions.assumeTrue(
        program.isPresent(), "cosign is not installed: run make test-tools, which needs Go");
    folder = temporary;
    cosign = program.get().toString();
    registry = RealRegistry.open();
    keys("mine");
    keys("theirs");
    policy("\"require\"");
    Path config =
        Files.writeString(
            folder.resolve("daemon.json"),
            "{\"signature-policy\": \"" + folder.resolve("policy.json") + "\"}");
    daemon = Daemon.start("--config-file", config.toString());
    Busybox.into(daemon);
  }

  @AfterAll
  void close() throws IOException {
    if (daemon != null) {
      daemon.close();
    }
    if (registry != null) {
      registry.close();
    }
  }

  private static Optional<Path> program() {
    return Stream.concat(
            Stream.of(System.getenv().getOrDefault("PATH", "").split(":")).map(Path::of),
            Stream.of(Path.of(System.getProperty("user.home"), "go", "bin")))
        .map(bin -> bin.resolve("cosign"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private void policy(String action) throws IOException {
    Files.writeString(
        folder.resolve("policy.json"),
        """
        {"rules": [
          {"images": "%s", "action": %s, "signers": [{"key": "mine.pub"}]},
          {"images": "%s/loose", "action": "warn", "signers": [{"key": "mine.pub"}]}
        ]}
        """
            .formatted(registry.host(), action, registry.host()));
  }

  private void cosign(String... args) throws IOException, InterruptedException {
    List<String> line =
        new ArrayList<>(
            List.of("env", "COSIGN_PASSWORD=p", "COSIGN_EXPERIMENTAL=1", "HOME=" + folder, cosign));
    line.addAll(List.of(args));
    Command.of(line.toArray(String[]::new)).run(folder).expect(0);
  }

  private void keys(String name) throws IOException, InterruptedException {
    cosign("generate-key-pair", "--output-key-prefix", name);
  }

  private String docker(String... args) throws IOException, InterruptedException {
    return daemon.ok("docker", args);
  }

  /** An image of its own content in the registry and not in the engine; its name by digest. */
  private String pushed(String name) throws IOException, InterruptedException {
    docker("tag", "busybox", name);
    docker("push", "-q", name);
    String digest =
        docker("inspect", "-f", "{{range .RepoDigests}}{{println .}}{{end}}", name)
            .lines()
            .filter(d -> d.startsWith(name.substring(0, name.lastIndexOf(':')) + "@"))
            .findFirst()
            .orElseThrow();
    docker("rmi", name);
    return digest;
  }

  private void sign(String digest, String by, String... more)
      throws IOException, InterruptedException {
    List<String> line =
        new ArrayList<>(List.of("sign", "--yes", "--tlog-upload=false", "--key", by + ".key"));
    line.addAll(List.of(more));
    line.add(digest);
    cosign(line.toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker", "kemas"})
  void whatNobodySignedIsRefusedBeforeItsLayers(String client)
      throws IOException, InterruptedException {
    String name = registry.host() + "/un/signed-" + client + ":1";
    String digest = pushed(name);
    Command.Result result = daemon.run(client, "pull", name).expect(1);
    assertThat(result.err())
        .contains(name + " is not pulled: no signature of " + digest.split("@")[1])
        .contains("by key " + folder.resolve("mine.pub"))
        .contains("(" + folder.resolve("policy.json") + ", line 2)")
        .contains("sign " + digest + " (cosign sign) or change the rule");
    assertThat(result.out()).doesNotContain("Pulling fs layer").doesNotContain("Already exists");
    assertThat(daemon.log()).contains(name + "@" + digest.split("@")[1] + " is not pulled");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--new-bundle-format", "--registry-referrers-mode=oci-1-1"})
  void whatTheRightOneSignedIsPulled(String format) throws IOException, InterruptedException {
    String name = registry.host() + "/signed/by-me" + format.replaceAll("-+", "-") + ":1";
    name = name.replace("=oci-1-1", "");
    String digest = pushed(name);
    sign(digest, "theirs", options(format));
    assertThat(daemon.run("docker", "pull", name).expect(1).err())
        .contains("not made by key " + folder.resolve("mine.pub"));
    sign(digest, "mine", options(format));
    assertThat(docker("pull", name))
        .contains("Signature: verified, key " + folder.resolve("mine.pub"))
        .contains("Status: Downloaded newer image for " + name);
    assertThat(daemon.ok("kemas", "pull", digest)).contains("Signature: verified");
    docker("rmi", name);
  }

  private static String[] options(String format) {
    return format.isEmpty() ? new String[0] : new String[] {format};
  }

  @Test
  void anAttestationIsNoSignature() throws IOException, InterruptedException {
    String name = registry.host() + "/attested/x:1";
    String digest = pushed(name);
    Files.writeString(folder.resolve("predicate.json"), "{\"weaknesses\": 7}");
    cosign(
        "attest",
        "--yes",
        "--tlog-upload=false",
        "--new-bundle-format",
        "--key",
        "mine.key",
        "--type",
        "https://example.com/scan",
        "--predicate",
        "predicate.json",
        digest);
    assertThat(daemon.run("docker", "pull", name).expect(1).err())
        .contains("it is no signature but an attestation of https://example.com/scan");
  }

  @Test
  void aWarningIsSeenAndLoggedAndTheImageComes() throws IOException, InterruptedException {
    String name = registry.host() + "/loose/x:1";
    String digest = pushed(name);
    for (String client : List.of("docker", "kemas")) {
      assertThat(daemon.ok(client, "pull", name))
          .contains("Warning: " + name + ": no signature of " + digest.split("@")[1]);
      docker("rmi", name);
    }
    assertThat(daemon.log()).contains(" is pulled although no signature of ");
  }

  @Test
  void buildsAndRunsPullBySameRules() throws IOException, InterruptedException {
    String name = registry.host() + "/base/x:1";
    String digest = pushed(name);
    Path context = Files.createDirectories(folder.resolve("context"));
    Files.writeString(context.resolve("Dockerfile"), "FROM " + name + "\nCMD [\"true\"]\n");
    Command.Result build =
        daemon.run("kemas", "build", "-t", "signed-base", context.toString()).expect(1);
    assertThat(build.out() + build.err()).contains(name + " is not pulled: no signature of");
    assertThat(daemon.run("docker", "run", "--rm", name, "true").expect(125).err())
        .contains(name + " is not pulled: no signature of");
    sign(digest, "mine");
    daemon.ok("kemas", "build", "-t", "signed-base", context.toString());
    docker("rmi", "signed-base");
    assertThat(docker("run", "--rm", name, "echo", "ran")).isEqualTo("ran\n");
    docker("rmi", name);
  }

  @Test
  void thePolicyIsReadAgainAtHangUpAndABrokenOneStopsAStart()
      throws IOException, InterruptedException {
    String name = registry.host() + "/later/x:1";
    pushed(name);
    daemon.run("docker", "pull", name).expect(1);
    policy("\"ignore\"");
    hangUp();
    Wait.until("the new policy holds", LIMIT, () -> daemon.run("docker", "pull", name).code() == 0);
    docker("rmi", name);
    policy("\"perhaps\"");
    hangUp();
    String wrong =
        "signature policy "
            + folder.resolve("policy.json")
            + ", line 2: unknown action \"perhaps\": want require, warn or ignore";
    Wait.until("the broken policy is told", LIMIT, () -> daemon.log().contains(wrong));
    docker("pull", name);
    docker("rmi", name);
    assertThat(
            Command.of(
                    Path.of(System.getProperty("kemas.dist"), "bin", "kemasd").toString(),
                    "--validate",
                    "--signature-policy",
                    folder.resolve("policy.json").toString())
                .run()
                .expect(1)
                .err())
        .contains(wrong);
    policy("\"require\"");
    hangUp();
    Wait.until(
        "the first policy holds", LIMIT, () -> daemon.run("docker", "pull", name).code() == 1);
  }

  private void hangUp() throws IOException, InterruptedException {
    Command.of("kill", "-HUP", "" + daemon.pid()).run().expect(0);
  }
}
