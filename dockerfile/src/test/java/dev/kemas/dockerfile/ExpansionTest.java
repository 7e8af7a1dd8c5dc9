package dev.kemas.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class ExpansionTest {
  private static final Map<String, String> VALUES =
      Map.of(
          "HOME", "/home/x",
          "EMPTY", "",
          "FILE", "archive.tar.gz",
          "LIST", "80 443/tcp",
          "STR", "foobarbaz",
          "路径", "ok");
  private static final Expansion.Variables VARIABLES =
      name -> Optional.ofNullable(VALUES.get(name));

  @ParameterizedTest(name = "{0}")
  @CsvFileSource(resources = "/expansions.psv", delimiter = '|', quoteCharacter = '\u0001')
  void expandsAsTheReferenceSays(String written, String expected) {
    String want = expected == null ? "" : expected;
    Expansion expansion = new Expansion('\\');
    if (want.startsWith("error: ")) {
      assertThatThrownBy(() -> expansion.word(written, VARIABLES))
          .isInstanceOf(Fault.InvalidArgument.class)
          .hasMessage("failed to process " + Quoted.of(written) + ": " + want.substring(7));
    } else {
      assertThat(expansion.word(written, VARIABLES)).isEqualTo(want);
    }
  }

  @Test
  void aBacktickEscapesWhereTheFileSaysSo() {
    assertThat(new Expansion('`').word("`$HOME\\x", VARIABLES)).isEqualTo("$HOME\\x");
  }

  @Test
  void oneVariableMayGiveSeveralWordsUnlessQuoted() {
    Expansion expansion = new Expansion('\\');
    assertThat(expansion.words("$LIST \"$LIST\" a\\ b", VARIABLES))
        .containsExactly("80", "443/tcp", "80 443/tcp", "a b");
  }

  @Test
  void aDocumentKeepsItsQuotes() {
    assertThat(new Expansion('\\').document("a=\"$HOME\" '$EMPTY' \\$x\n", VARIABLES))
        .isEqualTo("a=\"/home/x\" '' $x\n");
  }

  @Test
  @Timeout(10)
  void noPatternMakesABuildWait() {
    String value = "a".repeat(20_000);
    Expansion.Variables same = name -> Optional.of(value);
    Expansion expansion = new Expansion('\\');
    assertThat(expansion.word("${x#*a*a*a*a*a*a*a*a*a*b}", same)).isEqualTo(value);
    assertThat(expansion.word("${x%%b*a*a*a*a*a*a*a*a*a*}", same)).isEqualTo(value);
    assertThat(expansion.word("${x//a?/b}", same)).isEqualTo("b".repeat(10_000));
  }

  @Test
  void substitutionsNestOnlySoDeep() {
    String deep = "${x:-".repeat(100_000) + "}".repeat(100_000);
    assertThatThrownBy(() -> new Expansion('\\').word(deep, name -> Optional.empty()))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("nested more than 100 deep");
  }
}
