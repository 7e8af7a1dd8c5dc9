package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code kemas build} can do beyond the classic builder. */
final class BuildOptionsTest extends Engines {
  private static final String UUID = "cat /proc/sys/kernel/random/uuid";

  @TempDir Path context;

  @BeforeEach
  void onlyHere() {
    Daemon.kemasOnly("the options are our own");
  }

  @AfterEach
  void forget() throws IOException, InterruptedException {
    tryDocker("rmi", "-f", "made");
  }

  private void file(String name, String text) throws IOException {
    Path file = context.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Command.Result build(String... more) throws IOException, InterruptedException {
    String[] args = new String[more.length + 4];
    args[0] = "build";
    args[1] = "-t";
    args[2] = "made";
    System.arraycopy(more, 0, args, 3, more.length);
    args[args.length - 1] = context.toString();
    return daemon.run("kemas", args);
  }

  @Test
  void anExplanationNamesTheFileThatChanged() throws IOException, InterruptedException {
    file("Dockerfile", "FROM busybox\nCOPY a /a\nCOPY b /b\nRUN cat /a /b > /c\n");
    file("a", "1");
    file("b", "1");
    assertThat(build("--explain").expect(0).out()).contains("ran: first build");
    assertThat(build("--explain").expect(0).out()).contains("Every step's result was in the cache");
    file("b", "2");
    Path metadata = context.resolveSibling(context.getFileName() + ".json");
    String told = build("--explain", "--metadata-file", metadata.toString()).expect(0).out();
    try {
      assertThat(told)
          .containsPattern("3  COPY b /b\n +ran: file b changed \\([0-9a-f]{12} -> [0-9a-f]{12}\\)")
          .containsPattern("4  RUN cat /a /b > /c\n +ran: it follows step 3")
          .containsPattern("What made them run\n  file b changed [^\n]*\n$")
          .doesNotContain("file a changed");
      assertThat(metadata).content().contains("\"kemas.explain\"").contains("\"name\": \"b\"");
    } finally {
      Files.delete(metadata);
    }
  }

  @Test
  void aCheckBuildsNothingAndFailsWithItsFindings() throws IOException, InterruptedException {
    file("Dockerfile", "FROM busybox:latest AS Upper\nRUN exit 1\n");
    Command.Result found = build("--check");
    assertThat(found.code()).isEqualTo(1);
    assertThat(found.out())
        .contains("WARNING: StageNameCasing")
        .contains("   1 | >>> FROM busybox:latest AS Upper")
        .contains("WARNING: LatestBase");
    file("Dockerfile", "# check=skip=LatestBase\nFROM busybox:latest AS lower\nRUN exit 1\n");
    assertThat(build("--check").expect(0).out()).contains("no warnings found");
    file("Dockerfile", "FROM busybox\nRUM true\n");
    Command.Result broken = build("--check");
    assertThat(broken.code()).isEqualTo(1);
    assertThat(broken.out()).contains("ERROR: ").contains("   2 | >>> RUM true");
    assertThat(tryDocker("image", "inspect", "made").code()).isNotZero();
  }

  @Test
  void targetsAndArgumentsAreListed() throws IOException, InterruptedException {
    file(
        "Dockerfile",
        "# who is greeted\nARG WHO=you\n# base has the tools\nFROM busybox AS base\nFROM base AS app\n");
    assertThat(build("--call=targets").expect(0).out())
        .containsPattern("base +has the tools|base +")
        .contains("app (default)");
    file("Dockerfile", "FROM busybox\nARG COLOUR=red\nRUN --mount=type=secret,id=key true\n");
    assertThat(build("--call=outline").expect(0).out())
        .containsPattern("COLOUR +red")
        .containsPattern("key");
  }

  @Test
  void verifyNamesTheFileThatDiffers() throws IOException, InterruptedException {
    file("Dockerfile", "FROM busybox\nRUN echo same > /same && " + UUID + " > /differs\n");
    Command.Result differs = build("--verify", "--source-date-epoch", "1000000");
    assertThat(differs.code()).isEqualTo(1);
    assertThat(differs.out())
        .containsPattern("  /differs\n +content +[0-9a-f]{12}  [0-9a-f]{12}\n")
        .contains("a random value");
    file("Dockerfile", "FROM busybox\nCOPY a /a\nENV X=1\n");
    file("a", "1");
    Command.Result same = build("--verify", "--source-date-epoch", "newest");
    assertThat(same.out()).contains("Both builds made the same image.");
    assertThat(same.code()).isZero();
  }

  @Test
  void onlyTheNamedStageIsBuiltAnew() throws IOException, InterruptedException {
    file(
        "Dockerfile",
        """
        FROM busybox AS one
        RUN %1$s > /one
        FROM busybox AS two
        RUN %1$s > /two
        FROM busybox
        COPY --from=one /one /
        COPY --from=two /two /
        """
            .formatted(UUID));
    build().expect(0);
    String one = docker("run", "--rm", "made", "cat", "/one");
    String two = docker("run", "--rm", "made", "cat", "/two");
    build("--no-cache-filter", "two").expect(0);
    assertThat(docker("run", "--rm", "made", "cat", "/one")).isEqualTo(one);
    assertThat(docker("run", "--rm", "made", "cat", "/two")).isNotEqualTo(two);
  }

  @Test
  void anImageStandsInForAStage() throws IOException, InterruptedException {
    file("Dockerfile", "FROM nowhere.invalid/no/such AS base\nRUN echo built > /built\n");
    build("--build-context", "nowhere.invalid/no/such=docker-image://busybox").expect(0);
    assertThat(docker("run", "--rm", "made", "cat", "/built")).isEqualTo("built\n");
  }

  @Test
  void whatMayDoMoreMustBeAllowed() throws IOException, InterruptedException {
    file("Dockerfile", "FROM busybox\nRUN --network=host true\n");
    Command.Result refused = build();
    assertThat(refused.code()).isNotZero();
    assertThat(refused.err() + refused.out()).contains("network.host");
    build("--allow", "network.host").expect(0);
    Command.Result unknown = build("--allow", "everything");
    assertThat(unknown.code()).isNotZero();
    assertThat(unknown.err()).contains("security.insecure");
  }
}
