package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images between the engine and a real registry, with the stock command line. */
final class RegistryTest extends Engines {
  private RealRegistry registry;

  @BeforeAll
  void openRegistry() throws IOException, InterruptedException {
    registry = RealRegistry.open();
  }

  @AfterAll
  void closeRegistry() throws IOException {
    registry.close();
  }

  private String name(String rest) {
    return registry.host() + "/" + rest;
  }

  @Test
  void whatIsPushedIsPulledAsTheSameImage() throws IOException, InterruptedException {
    Daemon.kemasOnly("dockerd mounts what another test has pushed");
    String name = name("team/box:1");
    docker("tag", "busybox", name);
    String id = inspect(name, "{{.Id}}");
    String pushed = docker("push", name);
    assertThat(pushed)
        .contains("The push refers to repository [" + name("team/box") + "]")
        .contains(": Preparing")
        .contains(": Pushed")
        .containsPattern("1: digest: sha256:[0-9a-f]{64} size: \\d+");
    String digest = inspect(name, "{{index .RepoDigests 0}}");

    assertThat(docker("push", name)).contains(": Layer already exists").doesNotContain("Pushed");
    assertThat(
            Command.of("skopeo", "inspect", "--tls-verify=false", "docker://" + name)
                .run()
                .expect(0)
                .out())
        .contains(digest.substring(digest.indexOf('@') + 1));

    docker("rmi", name);
    assertThat(docker("pull", name)).contains("Status: Downloaded newer image for " + name);
    assertThat(inspect(name, "{{.Id}}")).isEqualTo(id);
    assertThat(inspect(name, "{{index .RepoDigests 0}}")).isEqualTo(digest);
    assertThat(docker("pull", name)).contains("Status: Image is up to date for " + name);
    assertThat(docker("run", "--rm", name, "echo", "ok")).isEqualTo("ok\n");
    assertThat(docker("push", name)).contains(digest.substring(digest.indexOf('@') + 1));
    docker("rmi", name);
    assertThat(docker("pull", "-q", digest)).contains(digest);
    docker("rmi", digest);
  }

  @Test
  void aLayerThatAnotherRepositoryHasIsMounted() throws IOException, InterruptedException {
    docker("tag", "busybox", name("a/one:1"));
    docker("push", name("a/one:1"));
    docker("tag", "busybox", name("b/two:1"));
    assertThat(docker("push", name("b/two:1"))).containsPattern("Mounted from [a-z]+/[a-z]+");
    docker("rmi", name("a/one:1"), name("b/two:1"));
  }

  @Test
  void allTagsGoAtOnce() throws IOException, InterruptedException {
    docker("tag", "busybox", name("many:1"));
    docker("tag", "busybox", name("many:2"));
    assertThat(docker("push", "-a", name("many"))).contains("1: digest: ").contains("2: digest: ");
    docker("rmi", name("many:1"), name("many:2"));
    docker("pull", name("many:2"));
    docker("rmi", name("many:2"));
  }

  @Test
  void whatIsNotThereIsToldInDockersWords() throws IOException, InterruptedException {
    assertThat(tryDocker("push", name("never:1")).expect(1).err())
        .contains("An image does not exist locally with the tag: " + name("never"));
    docker("tag", "busybox", name("some:1"));
    assertThat(tryDocker("push", name("some:2")).expect(1).err())
        .contains("tag does not exist: " + name("some:2"));
    docker("rmi", name("some:1"));
    assertThat(tryDocker("pull", name("never:1")).expect(1).err())
        .contains("manifest for " + name("never:1") + " not found: manifest unknown");
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker", "kemas"})
  void whoLogsInMayPushAndPull(String client, @TempDir Path me)
      throws IOException, InterruptedException {
    Daemon.kemasOnly("dockerd words a missing login otherwise and searches no catalogue");
    try (RealRegistry closed = RealRegistry.withUser()) {
      String name = closed.host() + "/mine/box:1";
      docker("tag", "busybox", name);
      assertThat(as(client, me, "push", name).expect(1).err())
          .contains("no basic auth credentials");
      assertThat(as(client, me, "login", "-u", "me", "-p", "wrong", closed.host()).expect(1).err())
          .contains("login attempt to http://" + closed.host() + "/v2/ failed with status: 401");
      assertThat(asOk(client, me, "login", "-u", "me", "-p", "sec:ret", closed.host()))
          .contains("Login Succeeded");
      assertThat(asOk(client, me, "push", name)).contains("1: digest: sha256:");
      docker("rmi", name);
      asOk(client, me, "pull", name);
      assertThat(asOk(client, me, "search", closed.host() + "/box"))
          .contains(closed.host() + "/mine/box");
      asOk(client, me, "logout", closed.host());
      docker("rmi", name);
      assertThat(as(client, me, "pull", name).expect(1).err()).contains("pull access denied for");
      assertThat(daemon.log()).doesNotContain("sec:ret").doesNotContain("bWU6c2VjOnJldA");
    }
  }

  /** A client with a configuration of its own. */
  private Command.Result as(String client, Path configuration, String... args)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("--config", configuration.toString()));
    all.addAll(List.of(args));
    return daemon.run(client, all.toArray(String[]::new));
  }

  private String asOk(String client, Path configuration, String... args)
      throws IOException, InterruptedException {
    return as(client, configuration, args).expect(0).out();
  }

  @Test
  void allTagsComeAtOnce() throws IOException, InterruptedException {
    for (String tag : new String[] {"1", "2", "3"}) {
      docker("tag", "busybox", name("every:" + tag));
    }
    docker("push", "-q", "-a", name("every"));
    docker("rmi", name("every:1"), name("every:2"), name("every:3"));
    assertThat(docker("pull", "-a", name("every"))).contains("3: Pulling from");
    docker("rmi", name("every:1"), name("every:2"), name("every:3"));
  }

  @Test
  void anImageOfARegistryIsDescribedWithoutGettingIt() throws IOException, InterruptedException {
    docker("tag", "busybox", name("far:1"));
    docker("push", "-q", name("far:1"));
    docker("rmi", name("far:1"));
    String answer =
        Command.of(
                "curl",
                "-sS",
                "--unix-socket",
                daemon.socket().toString(),
                "http://d/distribution/" + name("far:1") + "/json")
            .run()
            .expect(0)
            .out();
    assertThat(answer).contains("\"os\":\"linux\"");
    assertThat(tryDocker("inspect", name("far:1")).code()).isEqualTo(1);
    Daemon.kemasOnly("dockerd pushes manifests of Docker's own type");
    assertThat(answer)
        .contains("\"Descriptor\":{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\"");
  }

  @Test
  void aPullGoesOnWhereTheKilledDaemonWas(@TempDir Path folder)
      throws IOException, InterruptedException {
    Daemon.kemasOnly("a dockerd that was killed does not start again beside its own containerd");
    byte[] noise = new byte[40_000_000];
    new Random(3).nextBytes(noise);
    Files.write(folder.resolve("noise"), noise);
    Command.of("tar", "-C", folder.toString(), "-cf", folder.resolve("t.tar").toString(), "noise")
        .run()
        .expect(0);
    docker("import", folder.resolve("t.tar").toString(), name("noise:1"));
    docker("push", name("noise:1"));
    docker("rmi", name("noise:1"));
    try (HoldingProxy line = new HoldingProxy(registry.host())) {
      String far = line.host() + "/noise:1";
      line.allow(25_000_000);
      CompletableFuture<Command.Result> pull =
          CompletableFuture.supplyAsync(() -> {
            try {
              return tryDocker("pull", far);
            } catch (IOException | InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
      Wait.until(
          "half of the layer came", Duration.ofSeconds(60), () -> line.passed() > 25_000_000);
      daemon.kill();
      pull.join().expect(1);

      daemon.restart();
      line.allow(Long.MAX_VALUE);
      docker("pull", far);
      assertThat(line.passed()).isBetween(10_000_000L, 25_000_000L);
      docker("rmi", far);
    }
  }
}
