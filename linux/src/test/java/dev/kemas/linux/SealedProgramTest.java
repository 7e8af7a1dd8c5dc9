package dev.kemas.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedProgramTest {
  @TempDir Path temp;

  @Test
  void it_runs_cannot_be_changed_and_knows_when_it_is_out_of_date() throws Exception {
    Path program = Files.copy(Path.of("/bin/echo"), temp.resolve("echo"));
    try (SealedProgram sealed = SealedProgram.of(program)) {
      assertThat(sealed.isCurrent()).isTrue();
      for (int i = 0; i < 2; i++) {
        assertThat(
                ChildProcess.run(
                    Command.of(sealed.path(), List.of("hello")), Duration.ofSeconds(10)))
            .isEqualTo(new ChildProcess.Outcome(0, "hello\n", ""));
      }
      assertThatThrownBy(() -> Files.write(sealed.path(), new byte[1]))
          .isInstanceOf(java.io.IOException.class);
      Files.copy(Path.of("/bin/true"), program, StandardCopyOption.REPLACE_EXISTING);
      assertThat(sealed.isCurrent()).isFalse();
      Files.delete(program);
      assertThat(sealed.isCurrent()).isFalse();
    }
  }

  @Test
  void what_is_not_there_cannot_be_sealed() {
    assertThatThrownBy(() -> SealedProgram.of(temp.resolve("none")))
        .isInstanceOf(Fault.NotFound.class);
  }
}
