package dev.kemas.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DockerfileTest {
  static List<Path> good() {
    return Golden.cases("good");
  }

  static List<Path> bad() {
    return Golden.cases("bad");
  }

  @ParameterizedTest
  @MethodSource("good")
  void readsEachInstructionWithItsPlace(Path folder) {
    Dockerfile dockerfile = Dockerfile.parse("Dockerfile", Golden.read(folder, "Dockerfile"));
    Golden.check(folder, Printer.print(dockerfile));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void blamesTheLineOfAMistake(Path folder) {
    String text = Golden.read(folder, "Dockerfile");
    assertThatThrownBy(() -> Dockerfile.parse("Dockerfile", text))
        .isInstanceOfSatisfying(
            Fault.InvalidArgument.class, fault -> Golden.check(folder, fault.getMessage() + "\n"));
  }

  @Test
  void namesTheFileInAnError() {
    assertThatThrownBy(() -> Dockerfile.parse("app/Dockerfile.dev", "FROM a\n\nFORM b\n"))
        .hasMessage(
            "dockerfile parse error on line 3: unknown instruction: FORM (did you mean FROM?)"
                + " [app/Dockerfile.dev:3 FORM]");
  }

  @Test
  void refusesAnEmptyFileInDockersWords() {
    assertThatThrownBy(() -> Dockerfile.parse("Dockerfile", ""))
        .hasMessage("the Dockerfile (Dockerfile) cannot be empty");
  }

  @Test
  void windowsLineEndsAndAByteOrderMarkChangeNothing() {
    String text = "FROM a\nRUN x \\\n  y\nCOPY <<E /f\nbody\nE\n";
    Dockerfile plain = Dockerfile.parse("Dockerfile", text);
    Dockerfile windows = Dockerfile.parse("Dockerfile", "\uFEFF" + text.replace("\n", "\r\n"));
    assertThat(windows.stages().getFirst().instructions().getFirst().text())
        .isEqualTo(plain.stages().getFirst().instructions().getFirst().text());
    assertThat(windows.stages().getFirst().instructions()).hasSize(2);
  }

  @Test
  void anOnbuildTriggerIsReadOnItsOwn() {
    assertThat(Instruction.parse("ONBUILD trigger", "COPY . /app"))
        .isInstanceOf(Instruction.Copy.class);
    assertThatThrownBy(() -> Instruction.parse("ONBUILD trigger", "RUN a\nRUN b"))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("only one instruction is allowed");
  }

  @Test
  void flagsKnowTheirColumns() {
    Dockerfile dockerfile =
        Dockerfile.parse("Dockerfile", "FROM a\nCOPY \\\n  --chown=1 \\\n  x y\n");
    Node node = dockerfile.stages().getFirst().instructions().getFirst().node();
    assertThat(node.flags().getFirst().range()).isEqualTo(new SourceRange(3, 3, 3, 11));
    assertThat(node.argumentsRange()).isEqualTo(new SourceRange(4, 3, 4, 5));
  }
}
