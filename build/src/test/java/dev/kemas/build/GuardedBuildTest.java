package dev.kemas.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.dockerfile.CheckSettings;
import dev.kemas.dockerfile.Lint;
import dev.kemas.dockerfile.LintResult;
import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a build says about its files and its result. */
@Timeout(60)
class GuardedBuildTest {
  @TempDir Path temp;
  Path context;
  FakeEngine engine;
  final List<Lint> findings = new ArrayList<>();

  @BeforeEach
  void prepare() throws IOException {
    context = Files.createDirectories(temp.resolve("context"));
    engine = new FakeEngine(Files.createDirectories(temp.resolve("engine")));
    try (RandomAccessFile data =
        new RandomAccessFile(context.resolve("train.parquet").toFile(), "rw")) {
      data.write("PAR1".getBytes(StandardCharsets.US_ASCII));
      data.setLength(30_000_000);
    }
  }

  private void build(String dockerfile, BuildRequest request) throws IOException {
    Files.writeString(context.resolve("Dockerfile"), dockerfile);
    findings.clear();
    new Builder(engine.services())
        .build(
            request,
            event -> {
              if (event instanceof BuildEvent.Finding finding) {
                findings.add(finding.lint());
              }
            },
            new Cancellation());
  }

  private List<String> rules() {
    return findings.stream().map(lint -> lint.rule().name()).toList();
  }

  @Test
  void toldAlsoWhenEveryStepIsCached() throws IOException {
    for (int i = 0; i < 2; i++) {
      build("FROM base\nCOPY . /app\n", BuildRequest.of(context));
      assertThat(rules()).containsExactly("LatestBase", "DatasetInImage");
    }
    assertThat(findings.get(1).message())
        .contains("train.parquet (30 MB, Parquet)", "; put them into a folder");
    assertThat(findings.get(1).range().startLine()).isEqualTo(2);
  }

  @Test
  void ignoredAndUncopiedFilesAreNobodysConcern() throws IOException {
    build("FROM base:1\nCOPY Dockerfile /app/\n", BuildRequest.of(context));
    assertThat(rules()).isEmpty();
    Files.writeString(context.resolve(".dockerignore"), "*.parquet\n");
    build("FROM base:1\nCOPY . /app\n", BuildRequest.of(context));
    assertThat(rules()).isEmpty();
  }

  @Test
  void theUserChoosesTheRules() throws IOException {
    build("# check=skip=LatestBase\nFROM base\nCOPY . /app\n", BuildRequest.of(context));
    assertThat(rules()).containsExactly("DatasetInImage");
    BuildRequest skipping =
        BuildRequest.of(context)
            .withBuildArguments(Map.of(CheckSettings.ARGUMENT, "skip=DatasetInImage"));
    build("FROM base\nCOPY . /app\n", skipping);
    assertThat(rules()).containsExactly("LatestBase");
  }

  @Test
  void findingsFailTheBuildWhereTheFileSaysSo() {
    assertThatThrownBy(
            () -> build("# check=error=true\nFROM base:1\nCOPY . /app\n", BuildRequest.of(context)))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("DatasetInImage");
    assertThat(engine.stored).isEmpty();
  }

  @Test
  void checksInPlaceOfABuildSayTheSame() throws IOException {
    Files.writeString(
        context.resolve("Dockerfile"), "# check=error=true\nFROM base AS X\nCOPY . /app\n");
    LintResult told = new Builder(engine.services()).ask(BuildRequest.of(context)).check();
    assertThat(told.warnings())
        .extracting(LintResult.Warning::ruleName)
        .containsExactly("StageNameCasing", "LatestBase", "DatasetInImage");
    assertThat(told.error()).isPresent();
    assertThat(engine.asked).isEmpty();
    Files.writeString(context.resolve("Dockerfile"), "FROMM base\n");
    LintResult broken = new Builder(engine.services()).ask(BuildRequest.of(context)).check();
    assertThat(broken.error()).isPresent();
    assertThat(broken.warnings()).isEmpty();
  }

  @Test
  void whatStepsAskedForIsSearched() {
    SeenSecrets secrets =
        new SeenSecrets(id ->
            id.equals("known")
                ? Optional.of("value".getBytes(StandardCharsets.US_ASCII))
                : Optional.empty());
    assertThat(secrets.seen()).isEmpty();
    assertThat(secrets.find("unknown")).isEmpty();
    assertThat(secrets.find("known")).isPresent();
    assertThat(secrets.seen()).extracting(value -> value.id()).containsExactly("known");
  }
}
