package dev.kemas.cli.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.cli.command.Console;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Session;
import dev.kemas.dockerfile.CheckInputs;
import dev.kemas.dockerfile.CheckSettings;
import dev.kemas.dockerfile.Checks;
import dev.kemas.dockerfile.Dockerfile;
import dev.kemas.flag.Flags;
import dev.kemas.guard.BeforeBuild;
import dev.kemas.guard.ContextFolder;
import dev.kemas.guard.Finding;
import dev.kemas.guard.Guards;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Golden folders, one a case: {@code project} is what is looked at, {@code expected} what is said
 * and written. Run with {@code -Dgolden.update=true} to write it anew, then read the difference. A
 * case called {@code loose-…} is a project that our own rules have something to say about.
 */
class InitTest {
  private static final Path CASES = Path.of("src/test/resources/cases");

  @TempDir Path temp;

  static List<Path> cases() throws IOException {
    try (Stream<Path> folders = Files.list(CASES)) {
      return folders.filter(Files::isDirectory).sorted().toList();
    }
  }

  private Path copy(Path project) throws IOException {
    Path target = temp.resolve(project.getParent().getFileName().toString());
    try (Stream<Path> all = Files.walk(project)) {
      for (Path path : all.toList()) {
        Path to = target.resolve(project.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(to);
        } else {
          Files.copy(path, to);
        }
      }
    }
    return target;
  }

  private String run(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Console console = new Console(new ByteArrayInputStream(new byte[0]), out, out);
    Init init = new Init();
    Flags flags = new Flags();
    init.declare(flags);
    flags.parse(List.of(words));
    try (Session session =
        new Session(
            console,
            Map.of(),
            () -> {
              throw new AssertionError("init needs no engine");
            })) {
      assertThat(init.run(session, flags)).isZero();
    }
    console.flush();
    return out.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void writesWhatIsExpectedAndNoCheckHasAnythingToSay(Path folder) throws IOException {
    Path project = copy(folder.resolve("project"));
    StringBuilder actual =
        new StringBuilder(run(project.toString()).replace(project.toString(), "/FOLDER"));
    for (String name : List.of("Dockerfile", ".dockerignore", "compose.yaml")) {
      actual.append("\n==> ").append(name).append('\n');
      actual.append(Files.readString(project.resolve(name)));
    }
    Path expected = folder.resolve("expected");
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(expected, actual);
    }
    assertThat(actual.toString()).isEqualTo(Files.readString(expected));

    Dockerfile dockerfile =
        Dockerfile.parse("Dockerfile", Files.readString(project.resolve("Dockerfile")));
    assertThat(Checks.findings(dockerfile, CheckInputs.NONE)).isEmpty();
    List<Finding> findings =
        Guards.before(BeforeBuild.of(dockerfile, ContextFolder.of(project)), CheckSettings.DEFAULT)
            .findings();
    if (folder.getFileName().toString().startsWith("loose-")) {
      assertThat(findings).extracting(f -> f.rule().name()).containsOnly("UnpinnedRequirements");
    } else {
      assertThat(findings).isEmpty();
    }
  }

  @Test
  void neverOverwritesUnlessForced() throws IOException {
    Files.writeString(temp.resolve("package.json"), "{}");
    Files.writeString(temp.resolve("Dockerfile"), "FROM mine\n");
    assertThatThrownBy(() -> run(temp.toString()))
        .isInstanceOf(Exit.class)
        .hasMessageContaining("Dockerfile is here already")
        .hasMessageContaining("--force");
    assertThat(temp.resolve(".dockerignore")).doesNotExist();
    assertThat(run("--dry-run", temp.toString())).contains("==> Dockerfile\nFROM node:");
    assertThat(temp.resolve("Dockerfile")).hasContent("FROM mine");
    run("--force", temp.toString());
    assertThat(Files.readString(temp.resolve("Dockerfile"))).startsWith("FROM node:");
  }

  @Test
  void whatIsNotRecognisedIsToldWithTheNextStep() throws IOException {
    Files.writeString(temp.resolve("notes.txt"), "x");
    assertThatThrownBy(() -> run(temp.toString()))
        .isInstanceOf(Exit.class)
        .hasMessageContaining("no project was recognised here")
        .hasMessageContaining("Next:");
    assertThatThrownBy(() -> run("--language", "java", temp.toString()))
        .isInstanceOf(Exit.class)
        .hasMessageContaining("no java project");
    assertThatThrownBy(() -> run("--language", "cobol", temp.toString()))
        .hasMessageContaining("python, java, node");
    assertThatThrownBy(() -> run(temp.resolve("absent").toString()))
        .hasMessageContaining("is no folder");
  }

  @Test
  void theLanguageCanBeSaid() throws IOException {
    Files.writeString(temp.resolve("package.json"), "{\"scripts\":{\"start\":\"node a.js\"}}");
    Files.writeString(temp.resolve("requirements.txt"), "flask==3.0.3\n");
    assertThat(run("--dry-run", temp.toString())).contains("Found a Python project");
    assertThat(run("--dry-run", "--language", "node", temp.toString()))
        .contains("Found a Node project", "CMD [\"node\", \"a.js\"]");
  }
}
