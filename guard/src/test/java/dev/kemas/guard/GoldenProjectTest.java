package dev.kemas.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.dockerfile.Dockerfile;
import dev.kemas.dockerfile.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Golden folders, one a case: {@code Dockerfile} and optionally {@code facts} (see {@link
 * ProjectFacts}); {@code expected} is what the rules say. Run with {@code -Dgolden.update=true} to
 * write it anew, then read the difference.
 */
class GoldenProjectTest {
  private static final Path CASES = Path.of("src/test/resources/projects");

  static List<Path> cases() throws IOException {
    try (Stream<Path> folders = Files.list(CASES)) {
      return folders.filter(Files::isDirectory).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void saysWhatIsExpected(Path folder) throws IOException {
    Dockerfile dockerfile =
        Dockerfile.parse("Dockerfile", Files.readString(folder.resolve("Dockerfile")));
    ProjectFacts facts = ProjectFacts.read(dockerfile, folder.resolve("facts"));
    String actual =
        print(Guards.before(facts.before(), facts.settings()))
            + print(Guards.after(facts.after(), facts.settings()));
    Path expected = folder.resolve("expected");
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(expected, actual);
    }
    assertThat(actual).isEqualTo(Files.readString(expected));
  }

  @Test
  void eachRuleIsFoundBySomeCase() throws IOException {
    StringBuilder all = new StringBuilder();
    for (Path folder : cases()) {
      all.append(Files.readString(folder.resolve("expected")));
    }
    for (Rule rule : KemasRules.ALL) {
      assertThat(all).contains(" " + rule.name() + ": ");
    }
  }

  private static String print(Report report) {
    StringBuilder text = new StringBuilder();
    for (Finding finding : report.findings()) {
      text.append(finding.range().startLine())
          .append(' ')
          .append(finding.rule().name())
          .append(": ")
          .append(finding.message())
          .append('\n')
          .append(finding.hint().indent(4));
    }
    report.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
    return text.toString();
  }
}
