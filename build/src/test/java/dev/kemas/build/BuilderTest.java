package dev.kemas.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.dockerfile.LintResult;
import dev.kemas.fault.Fault;
import dev.kemas.image.Progress;
import dev.kemas.oci.Digest;
import dev.kemas.oci.ImageConfig;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BuilderTest {
  @TempDir Path temp;
  Path context;
  FakeEngine engine;
  final List<BuildEvent> events = new ArrayList<>();

  @BeforeEach
  void prepare() throws IOException {
    context = Files.createDirectories(temp.resolve("context"));
    engine = new FakeEngine(Files.createDirectories(temp.resolve("engine")));
  }

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(engine.open).hasValue(0);
  }

  private void file(String path, String content) throws IOException {
    Path file = context.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private Digest build(String dockerfile) throws IOException {
    return build(dockerfile, BuildRequest.of(context));
  }

  private Digest build(String dockerfile, BuildRequest request) throws IOException {
    file("Dockerfile", dockerfile);
    events.clear();
    engine.executor.commands.clear();
    engine.begun.set(0);
    engine.viewed.set(0);
    engine.unpacked.clear();
    return new Builder(engine.services())
        .build(request, new ClassicOrder(events::add), new Cancellation())
        .id();
  }

  private String text() {
    StringBuilder out = new StringBuilder();
    events.forEach(event -> ClassicText.of(event).ifPresent(out::append));
    return out.toString().replaceAll("\\b[0-9a-f]{12}\\b", "ID");
  }

  private List<String> ran() {
    return List.copyOf(engine.executor.commands);
  }

  @Test
  void anUnchangedBuildRunsNothingAndGivesTheSameImage() throws IOException {
    file("a.txt", "a");
    String dockerfile =
        "FROM base\nENV A=1\nWORKDIR /w\nCOPY a.txt .\nRUN first\nRUN second\nCMD [\"x\"]\n";
    Digest first = build(dockerfile);
    assertThat(ran()).containsExactly("first", "second");
    Digest second = build(dockerfile);
    assertThat(second).isEqualTo(first);
    assertThat(ran()).isEmpty();
    assertThat(engine.begun).hasValue(0);
    assertThat(engine.unpacked).isEmpty();
    assertThat(events).filteredOn(BuildEvent.StepCached.class::isInstance).hasSize(6);
  }

  @Test
  void aChangedFileInvalidatesFromItsCopyOn() throws IOException {
    file("a.txt", "a");
    String dockerfile = "FROM base\nRUN before\nCOPY a.txt /\nRUN after\n";
    Digest first = build(dockerfile);
    file("a.txt", "b");
    Digest second = build(dockerfile);
    assertThat(ran()).containsExactly("after");
    assertThat(second).isNotEqualTo(first);
  }

  @Test
  void aTouchedFileInvalidatesNothing() throws IOException {
    file("a.txt", "a");
    String dockerfile = "FROM base\nCOPY a.txt /\nRUN after\n";
    build(dockerfile);
    Files.setLastModifiedTime(context.resolve("a.txt"), FileTime.from(Instant.ofEpochSecond(5)));
    build(dockerfile);
    assertThat(ran()).isEmpty();
  }

  @Test
  void aChangedModeInvalidates() throws IOException {
    file("a.sh", "a");
    String dockerfile = "FROM base\nCOPY a.sh /\nRUN after\n";
    build(dockerfile);
    assertThat(context.resolve("a.sh").toFile().setExecutable(true)).isTrue();
    build(dockerfile);
    assertThat(ran()).containsExactly("after");
  }

  @Test
  void aFileThatIsNotCopiedInvalidatesNothing() throws IOException {
    file("a/x", "a");
    file("b/x", "b");
    String dockerfile = "FROM base\nCOPY a /a\nRUN after\n";
    build(dockerfile);
    file("b/x", "changed");
    file("a/ignored", "new");
    file(".dockerignore", "a/ignored\n");
    build(dockerfile);
    assertThat(ran()).isEmpty();
  }

  @Test
  void anArgumentInvalidatesFromItsDeclarationOn() throws IOException {
    String dockerfile = "FROM base\nRUN before\nARG V=1\nRUN after\n";
    build(dockerfile);
    build(dockerfile, BuildRequest.of(context).withBuildArguments(Map.of("V", "2")));
    assertThat(ran()).containsExactly("after");
    assertThat(engine.executor.received.getLast().env()).contains("V=2");
  }

  @Test
  void proxiesReachTheProcessButNeitherKeyNorHistory() throws IOException {
    String dockerfile = "FROM base:1\nRUN get\n";
    Map<String, String> proxy = Map.of("HTTP_PROXY", "http://user:secret@proxy");
    Digest id = build(dockerfile, BuildRequest.of(context).withBuildArguments(proxy));
    assertThat(engine.executor.received.getLast().env())
        .contains("HTTP_PROXY=http://user:secret@proxy");
    assertThat(engine.stored.get(id).toString()).doesNotContain("secret");
    build(dockerfile);
    assertThat(ran()).isEmpty();
    assertThat(text()).doesNotContain("Warning");
  }

  @Test
  void whatARunDependsOnInvalidatesItAndLabelsDoNot() throws IOException {
    build("FROM base\nRUN x\n");
    for (String line :
        List.of("ENV A=1", "USER 5", "WORKDIR /other", "SHELL [\"/bin/bash\", \"-c\"]")) {
      build("FROM base\n" + line + "\nRUN x\n");
      assertThat(ran()).as(line).containsExactly("x");
    }
    build("FROM base\nLABEL a=b\nEXPOSE 80\nRUN x\n");
    assertThat(ran()).isEmpty();
  }

  @Test
  void noCacheDoesEachStepAnew() throws IOException {
    String dockerfile = "FROM base\nRUN x\nLABEL a=b\n";
    build(dockerfile);
    build(dockerfile, BuildRequest.of(context).withFreshness(true, true));
    assertThat(ran()).containsExactly("x");
    assertThat(engine.asked).contains("base pull");
    assertThat(text()).doesNotContain("Using cache");
  }

  @Test
  void aRemovedLayerIsAMiss() throws IOException {
    String dockerfile = "FROM base\nRUN x\nRUN y\n";
    build(dockerfile);
    engine.chains.clear();
    build(dockerfile);
    assertThat(ran()).containsExactly("x", "y");
  }

  @Test
  void aStepThatChangesNothingMakesNoLayerAndIsRemembered() throws IOException {
    engine.executor.on("true", (command, root, output, cancelled) -> 0);
    Digest id = build("FROM base\nRUN true\n");
    ImageConfig config = engine.stored.get(id);
    assertThat(config.rootfs().diffIds()).hasSize(1);
    assertThat(config.history().getLast().emptyLayer()).isTrue();
    build("FROM base\nRUN true\n");
    assertThat(ran()).isEmpty();
  }

  @Test
  void historyAndLayersBelongTogether() throws IOException {
    file("f", "1");
    Digest id = build("FROM base\nENV A=1\nCOPY f /f\nMAINTAINER me\nRUN x\nCMD y\n");
    ImageConfig config = engine.stored.get(id);
    long withLayer = config.history().stream().filter(h -> !h.emptyLayer()).count();
    assertThat(withLayer).isEqualTo(config.rootfs().diffIds().size()).isEqualTo(3);
    assertThat(engine.manifests.get(id)).hasSize(3);
    assertThat(config.history())
        .extracting(h -> h.createdBy().orElse(""))
        .containsExactly(
            "base base",
            "ENV A=1",
            "COPY f /f",
            "MAINTAINER me",
            "RUN /bin/sh -c x",
            "CMD [\"/bin/sh\",\"-c\",\"y\"]");
    assertThat(config.author()).contains("me");
    assertThat(config.defaults().env()).containsExactly("PATH=/bin", "A=1");
  }

  @Test
  void independentStagesAreBuiltAtTheSameTime() throws IOException {
    CyclicBarrier both = new CyclicBarrier(2);
    for (String name : List.of("one", "two")) {
      engine.executor.on(
          name,
          (command, root, output, cancelled) -> {
            both.await(20, TimeUnit.SECONDS);
            Files.writeString(root.resolve(name), name);
            return 0;
          });
    }
    Digest id =
        build(
            "FROM a AS one\nRUN one\nFROM b AS two\nRUN two\nFROM c\n"
                + "COPY --from=one /one /\nCOPY --from=two /two /\n");
    assertThat(engine.files(id)).contains("/one = one").contains("/two = two");
  }

  @Test
  void aStageThatIsNotNeededIsNotBuilt() throws IOException {
    build("FROM a AS one\nRUN one\nFROM nowhere AS two\nRUN two\nFROM c\nCOPY --from=one /log /\n");
    assertThat(ran()).containsExactly("one");
    assertThat(engine.asked).containsExactlyInAnyOrder("a", "c");
    build(
        "FROM a AS one\nRUN one\nFROM b\nRUN other\n", BuildRequest.of(context).withTarget("one"));
    assertThat(ran()).isEmpty();
  }

  @Test
  void stagesTellOneAfterTheOther() throws IOException {
    CountDownLatch twoIsDone = new CountDownLatch(1);
    engine.executor.on(
        "one",
        (command, root, output, cancelled) -> {
          assertThat(twoIsDone.await(20, TimeUnit.SECONDS)).isTrue();
          return 0;
        });
    engine.executor.on(
        "two",
        (command, root, output, cancelled) -> {
          byte[] line = "out of two\n".getBytes(StandardCharsets.UTF_8);
          output.write(true, line, 0, line.length);
          twoIsDone.countDown();
          return 0;
        });
    build(
        "# check=skip=LatestBase\nFROM a AS one\nRUN one\nFROM b AS two\nRUN two\nFROM c\n"
            + "COPY --from=one /etc /\nCOPY --from=two /etc /\n");
    assertThat(text())
        .isEqualTo(
            """
            Step 1/7 : FROM a AS one
             ---> ID
            Step 2/7 : RUN one
             ---> Running in ID
             ---> Removed intermediate container ID
             ---> ID
            Step 3/7 : FROM b AS two
             ---> ID
            Step 4/7 : RUN two
             ---> Running in ID
            out of two
             ---> Removed intermediate container ID
             ---> ID
            Step 5/7 : FROM c
             ---> ID
            Step 6/7 : COPY --from=one /etc /
             ---> ID
            Step 7/7 : COPY --from=two /etc /
             ---> ID
            Successfully built ID
            """);
  }

  @Test
  void aStageMadeAnewWithTheSameFilesDoesNotInvalidateWhatCopiesThem() throws IOException {
    String tail = "\nFROM b\nCOPY --from=one /etc/passwd /p\nRUN after\n";
    build("FROM a AS one\nRUN v1" + tail);
    build("FROM a AS one\nRUN v2" + tail);
    assertThat(ran()).containsExactly("v2");
    assertThat(engine.viewed).hasValue(1);
    build("FROM a AS one\nRUN v2" + tail);
    assertThat(ran()).isEmpty();
    assertThat(engine.viewed).hasValue(0);
  }

  @Test
  void aFailedCommandEndsAllAndLeavesNoImage() throws IOException {
    engine.executor.on(
        "slow",
        (command, root, output, cancelled) -> {
          CountDownLatch ended = new CountDownLatch(1);
          cancelled.onCancel(ended::countDown);
          assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
          throw new Fault.Cancelled("killed");
        });
    engine.executor.on("bad", (command, root, output, cancelled) -> 3);
    assertThatThrownBy(() ->
            build(
                "FROM a AS one\nRUN slow\nFROM b\nRUN good\nRUN bad\n" + "COPY --from=one /etc /\n",
                BuildRequest.of(context).withTags(List.of(Reference.parse("x:1")))))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessage("The command '/bin/sh -c bad' returned a non-zero code: 3");
    assertThat(engine.stored).isEmpty();
    assertThat(engine.tags).isEmpty();
    assertThat(events)
        .contains(
            new BuildEvent.CommandFailed(
                5, 3, "The command '/bin/sh -c bad' returned a non-zero code: 3"));
    assertThat(text()).contains("Step 4/6 : RUN good").contains("ran good");
    engine.executor.on("bad", (command, root, output, cancelled) -> 0);
    engine.executor.on("slow", (command, root, output, cancelled) -> 0);
    build("FROM b\nRUN good\nRUN bad\n");
    assertThat(ran()).as("what was done stays done").containsExactly("bad");
  }

  @Test
  void aCancelledBuildKillsWhatRuns() throws Exception {
    Cancellation cancellation = new Cancellation();
    engine.executor.on(
        "forever",
        (command, root, output, cancelled) -> {
          CountDownLatch ended = new CountDownLatch(1);
          cancelled.onCancel(ended::countDown);
          cancellation.cancel("the client went away");
          assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
          cancelled.check();
          return 0;
        });
    file("Dockerfile", "FROM a\nRUN forever\nRUN never\n");
    assertThatThrownBy(() ->
            new Builder(engine.services())
                .build(BuildRequest.of(context), new ClassicOrder(events::add), cancellation)
                .id())
        .isInstanceOf(Fault.Cancelled.class)
        .hasMessageContaining("the client went away");
    assertThat(ran()).containsExactly("forever");
    assertThat(engine.stored).isEmpty();
  }

  @Test
  void tagsAndLabelsAreGiven() throws IOException {
    TreeMap<String, String> labels = new TreeMap<>(Map.of("by", "test"));
    Digest id =
        build(
            "FROM base\nLABEL by=file other=1\n",
            BuildRequest.of(context)
                .withLabels(labels)
                .withTags(List.of(Reference.parse("one"), Reference.parse("two:2"))));
    assertThat(engine.tags).containsOnly(Map.entry("one:latest", id), Map.entry("two:2", id));
    assertThat(engine.stored.get(id).defaults().labels())
        .isEqualTo(Map.of("by", "test", "other", "1"));
    assertThat(text()).endsWith("Successfully tagged one:latest\nSuccessfully tagged two:2\n");
  }

  @Test
  void aBuildOfNothingButFromIsTheBaseItself() throws IOException {
    Digest id = build("FROM base\n");
    assertThat(id)
        .isEqualTo(
            engine.find("base", Platform.host(), BuildRequest.of(context), Progress.NONE).id());
    assertThatThrownBy(() -> build("FROM scratch\n"))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageStartingWith("No image was generated. Is your Dockerfile empty?");
  }

  @Test
  void unusedArgumentsAndLintAreToldAtTheEnd() throws IOException {
    build(
        "FROM base AS Upper\nRUN x\n",
        BuildRequest.of(context).withBuildArguments(Map.of("NOPE", "1", "NO_PROXY", "x")));
    assertThat(text())
        .contains("[Warning] One or more build-args [NOPE] were not consumed\n")
        .contains(
            "[Warning] StageNameCasing: Stage name 'Upper' should be lowercase [Dockerfile:1]\n");
  }

  @Test
  void onbuildTriggersRunInTheChild() throws IOException {
    engine.baseConfigs.put(
        "parent",
        "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"OnBuild\":[\"RUN triggered\"]},"
            + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}");
    Digest id = build("FROM parent\nRUN own\n");
    assertThat(ran()).containsExactly("triggered", "own");
    assertThat(engine.stored.get(id).defaults().onBuild()).isEmpty();
    assertThat(text()).contains("# Executing 1 build trigger\nStep 2/3 : RUN triggered\n");
  }

  @Test
  void aMissingDockerfileOrOneOutsideIsRefusedInDockersWords() throws IOException {
    BuildRequest request = BuildRequest.of(context);
    Builder builder = new Builder(engine.services());
    assertThatThrownBy(() ->
            builder
                .build(
                    request.withDockerfile("no/such"),
                    new ClassicOrder(events::add),
                    new Cancellation())
                .id())
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessage("Cannot locate specified Dockerfile: no/such");
    assertThatThrownBy(() ->
            builder
                .build(
                    request.withDockerfile("../Dockerfile"),
                    new ClassicOrder(events::add),
                    new Cancellation())
                .id())
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessage("Forbidden path outside the build context: ../Dockerfile");
    Files.writeString(temp.resolve("outside"), "FROM secret\n");
    Files.createSymbolicLink(context.resolve("link"), Path.of("../outside"));
    assertThatThrownBy(() ->
            builder
                .build(
                    request.withDockerfile("link"),
                    new ClassicOrder(events::add),
                    new Cancellation())
                .id())
        .hasMessage("Cannot locate specified Dockerfile: link");
  }

  @Test
  void anIgnoredDockerfileIsUsedAndNotCopied() throws IOException {
    file(".dockerignore", "*\n!kept\n");
    file("kept", "1");
    file("dropped", "2");
    Digest id = build("FROM scratch\nCOPY . /\n");
    assertThat(engine.files(id)).isEqualTo("100644 0:0 /kept = 1\n");
  }

  @Test
  void aDockerfilesOwnIgnoreFileComesFirst() throws IOException {
    file(".dockerignore", "a\n");
    file("sub/my.Dockerfile", "FROM scratch\nCOPY * /\n");
    file("sub/my.Dockerfile.dockerignore", "b\nsub\n.dockerignore\n");
    file("a", "1");
    file("b", "2");
    Digest id =
        new Builder(engine.services())
            .build(
                BuildRequest.of(context).withDockerfile("sub/my.Dockerfile"),
                new ClassicOrder(events::add),
                new Cancellation())
            .id();
    assertThat(engine.files(id)).isEqualTo("100644 0:0 /a = 1\n");
  }

  @Test
  void aDockerfileIsCheckedWithoutBuildingAnything() throws IOException {
    file("Dockerfile", "# check=experimental=CopyIgnoredFile\nFROM a:1\nCOPY .env /\nRUN no\n");
    file("Dockerfile.dockerignore", ".env\n");
    BuildQuestions asked = new Builder(engine.services()).ask(BuildRequest.of(context));
    assertThat(asked.check().warnings())
        .extracting(LintResult.Warning::ruleName)
        .containsExactly("CopyIgnoredFile");
    assertThat(asked.check().error()).isEmpty();
    assertThat(asked.targets().targets()).hasSize(1);
    assertThat(asked.outline().args()).isEmpty();
    assertThat(engine.executor.commands).isEmpty();
  }
}
