package dev.kemas.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IgnoreFileTest {
  static List<Path> cases() {
    return Golden.cases("ignore");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void decidesForEachPath(Path folder) {
    IgnoreFile rules = IgnoreFile.parse(Golden.read(folder, "rules"));
    StringBuilder out = new StringBuilder();
    for (String path : Golden.read(folder, "paths").lines().toList()) {
      out.append(rules.ignores(path) ? "ignored " : "kept    ").append(path);
      out.append(rules.ignoresAllIn(path) ? " (not entered)" : "").append('\n');
    }
    Golden.check(folder, out.toString());
  }

  @Test
  void aBrokenPatternNamesItsLine() {
    assertThatThrownBy(() -> IgnoreFile.parse("a\n[b\n"))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessage("syntax error in pattern: \"[b\" [.dockerignore:2]");
    assertThatThrownBy(() -> IgnoreFile.parse("!\n"))
        .hasMessage("illegal exclusion pattern: \"!\" [.dockerignore:1]");
  }

  @Test
  void classesAndEscapesFollowGosMatch() {
    assertThat(Glob.of("a[b-d]*.txt").matches("acfoo.txt")).isTrue();
    assertThat(Glob.of("a[^b-d]").matches("ae")).isTrue();
    assertThat(Glob.of("a[^b]c").matches("a/c")).isFalse();
    assertThat(Glob.of("a\\*").matches("a*")).isTrue();
    assertThat(Glob.of("a\\*").matches("ab")).isFalse();
    assertThat(Glob.of("*").matches("a/b")).isFalse();
    assertThat(Glob.of("a?c").matches("a/c")).isFalse();
    assertThat(Glob.of("a.c+(x)").matches("a.c+(x)")).isTrue();
  }
}
