package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the stock {@code docker build} puts what it built, and what it lets a step do. */
final class BuildxDestinationTest extends Engines {
  private static final String DOCKERFILE = "FROM busybox\nRUN echo pushed > /f\nCMD cat /f\n";

  @TempDir Path context;
  @TempDir Path configuration;

  private Buildx buildx;

  @BeforeEach
  void plugIn() throws IOException {
    buildx = Buildx.in(daemon, configuration);
  }

  private Command.Result build(String dockerfile, String... more)
      throws IOException, InterruptedException {
    Files.writeString(context.resolve("Dockerfile"), dockerfile);
    String[] args = new String[more.length + 3];
    args[0] = "build";
    args[1] = "--progress=plain";
    System.arraycopy(more, 0, args, 2, more.length);
    args[args.length - 1] = ".";
    return buildx.command(args).run(context);
  }

  @Test
  void anImageIsLoadedUnderEachOfItsNames() throws IOException, InterruptedException {
    build(DOCKERFILE, "-o", "type=docker", "-t", "one:1", "-t", "two:2").expect(0);
    assertThat(inspect("one:1", "{{.Id}}")).isEqualTo(inspect("two:2", "{{.Id}}"));
    build(DOCKERFILE, "--load", "-t", "three:3").expect(0);
    assertThat(docker("run", "--rm", "three:3")).isEqualTo("pushed\n");
  }

  @Test
  void namesArePushedToARegistryAsTheyAreBuilt() throws IOException, InterruptedException {
    try (RealRegistry registry = RealRegistry.open()) {
      String first = registry.host() + "/made:first";
      String second = registry.host() + "/made:second";
      build(DOCKERFILE, "--push", "-t", first, "-t", second).expect(0);
      String direct = registry.host() + "/direct/made:1";
      build(DOCKERFILE, "-o", "type=registry", "-t", direct).expect(0);
      for (String name : new String[] {first, second, direct}) {
        tryDocker("rmi", "-f", name);
        docker("pull", "-q", name);
        assertThat(docker("run", "--rm", name)).isEqualTo("pushed\n");
      }
      docker("rmi", first, second, direct);
    }
  }

  @Test
  void aRegistryThatWantsALoginGetsTheClients() throws IOException, InterruptedException {
    try (RealRegistry registry = RealRegistry.withUser()) {
      String name = registry.host() + "/made:1";
      Command.Result refused = build(DOCKERFILE, "--push", "-t", name);
      assertThat(refused.code()).isNotZero();
      assertThat(refused.err()).containsIgnoringCase("auth");
      buildx
          .command("login", "-u", "me", "--password-stdin", registry.host())
          .withInput("sec:ret")
          .run()
          .expect(0);
      build(DOCKERFILE, "--push", "-t", name).expect(0);
      docker("rmi", "-f", name);
      // the base, too, is fetched with the login of the client
      build("FROM " + name + "\nRUN cat /f\n", "-t", "upon", "--pull").expect(0);
      assertThat(docker("run", "--rm", "upon")).isEqualTo("pushed\n");
    }
  }

  @Test
  void theHostsNetworkIsForStepsThatAreAllowedIt() throws IOException, InterruptedException {
    String step = "FROM busybox\nRUN --network=host readlink /proc/self/ns/net > /n\nCMD cat /n\n";
    Command.Result refused = build(step, "-t", "host:1");
    assertThat(refused.code()).isNotZero();
    assertThat(refused.err()).contains("network.host");
    String host = Command.of("readlink", "/proc/self/ns/net").run().expect(0).out();
    build(step, "--allow", "network.host", "-t", "host:1").expect(0);
    assertThat(docker("run", "--rm", "host:1")).isEqualTo(host);
    String plain =
        "FROM busybox\nRUN readlink /proc/self/ns/net > /m; ls /sys/class/net > /n\nCMD cat /m\n";
    build(plain, "--no-cache", "--network", "host", "--allow", "network.host", "-t", "host:2")
        .expect(0);
    assertThat(docker("run", "--rm", "host:2")).isEqualTo(host);
    build(plain, "--no-cache", "--network", "none", "-t", "host:3").expect(0);
    assertThat(docker("run", "--rm", "host:3", "cat", "/n")).isEqualTo("lo\n");
  }
}
