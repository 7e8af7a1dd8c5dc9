package dev.kemas.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private static Command shell(String script) {
    return Command.of("/bin/sh", "-c", script);
  }

  @Test
  void output_errors_and_exit_code_come_back() {
    ChildProcess.Outcome outcome = ChildProcess.run(shell("echo out; echo err >&2; exit 7"), SOON);
    assertThat(outcome).isEqualTo(new ChildProcess.Outcome(7, "out\n", "err\n"));
  }

  @Test
  void a_signal_is_told_as_128_and_more() {
    try (ChildProcess child = ChildProcess.start(Command.of("/bin/sleep", "1000"))) {
      assertThat(child.waitUntil(Duration.ofMillis(20))).isFalse();
      assertThat(child.signal(Signal.KILL)).isTrue();
      assertThat(child.waitFor()).isEqualTo(137);
      assertThat(child.waitFor()).isEqualTo(137);
      assertThat(child.signal(Signal.KILL)).isFalse();
    }
  }

  @Test
  void a_signal_reaches_what_a_program_has_started() throws IOException {
    Command command =
        new Command(
            Path.of("/bin/sh"),
            List.of("-c", "sleep 1000 & echo $!; wait"),
            Map.of(),
            Optional.empty(),
            Map.of(),
            true);
    try (Pipe out = Pipe.toRead("out");
        ChildProcess child = ChildProcess.start(command.with(1, out.writer()))) {
      out.writer().close();
      String number = "";
      for (int c = out.reader().input().read(); c != '\n'; c = out.reader().input().read()) {
        number += (char) c;
      }
      try (PidFd grandchild = PidFd.open(Integer.parseInt(number)).orElseThrow()) {
        assertThat(child.signalGroup(Signal.TERM)).isTrue();
        assertThat(child.waitFor()).isEqualTo(143);
        assertThat(grandchild.awaitExit(SOON)).isTrue();
      }
      assertThat(child.signalGroup(Signal.TERM)).isFalse();
    }
  }

  @Test
  void a_program_finds_only_what_it_was_given(@TempDir Path temp) throws Exception {
    try (java.io.RandomAccessFile leak =
            new java.io.RandomAccessFile(temp.resolve("leak").toFile(), "rw");
        Pipe nine = Pipe.toRead("nine");
        Pipe out = Pipe.toRead("out")) {
      leak.write(1);
      Command command =
          shell(
                  "ls /proc/self/fd; pwd; env | sort; echo nine >&9; grep -E 'Sig(Blk|Ign)' /proc/self/status")
              .in(temp)
              .withVariable("NAME", "value")
              .with(9, nine.writer())
              .with(1, out.writer());
      try (ChildProcess child = ChildProcess.start(command)) {
        nine.writer().close();
        out.writer().close();
        String said = new String(out.reader().input().readAllBytes(), StandardCharsets.UTF_8);
        // the C library keeps 32 and 33 for itself and has them ignored in what it starts
        assertThat(said.lines())
            .containsSequence("0", "1", "2", "3", "9", temp.toString())
            .contains("NAME=value", "SigBlk:\t0000000000000000")
            .anyMatch(line -> line.matches("SigIgn:\\t0000000[01][08]0{7}"));
        assertThat(new String(nine.reader().input().readAllBytes(), StandardCharsets.UTF_8))
            .isEqualTo("nine\n");
        assertThat(child.waitFor()).isZero();
      }
    }
  }

  @Test
  void input_is_read_until_it_is_closed() throws IOException {
    try (Pipe in = Pipe.toWrite("in");
        Pipe out = Pipe.toRead("out")) {
      byte[] much = "x".repeat(1_000_000).getBytes(StandardCharsets.UTF_8);
      try (ChildProcess child =
          ChildProcess.start(Command.of("/bin/cat").with(0, in.reader()).with(1, out.writer()))) {
        in.reader().close();
        out.writer().close();
        Thread.ofVirtual()
            .start(() -> {
              in.writer().write(java.nio.ByteBuffer.wrap(much));
              in.writer().close();
            });
        assertThat(out.reader().input().readAllBytes()).hasSize(much.length);
        assertThat(child.waitFor()).isZero();
      }
    }
  }

  @Test
  void a_missing_program_and_one_that_may_not_be_run_are_told_apart(@TempDir Path temp)
      throws Exception {
    assertThatThrownBy(() -> ChildProcess.start(Command.of("/no/such/program")))
        .isInstanceOf(Fault.NotFound.class)
        .hasMessageContaining("/no/such/program");
    Path text = java.nio.file.Files.writeString(temp.resolve("text"), "text");
    assertThatThrownBy(() -> ChildProcess.start(Command.of(text, List.of())))
        .isInstanceOf(Fault.Forbidden.class);
  }

  @Test
  void a_program_that_does_not_end_is_killed() {
    assertThatThrownBy(
            () -> ChildProcess.run(Command.of("/bin/sleep", "1000"), Duration.ofMillis(50)))
        .isInstanceOf(Fault.Unavailable.class)
        .hasMessageContaining("/bin/sleep 1000 has not ended");
  }

  @Test
  void a_pidfd_reaches_a_process_that_is_no_child_and_sees_its_end() throws Exception {
    Process other = new ProcessBuilder("/bin/sleep", "1000").start();
    try (PidFd held = PidFd.open((int) other.pid()).orElseThrow()) {
      assertThat(held.isAlive()).isTrue();
      assertThat(held.awaitExit(Duration.ofMillis(10))).isFalse();
      assertThat(held.signal(Signal.TERM)).isTrue();
      assertThat(held.awaitExit(SOON)).isTrue();
      assertThat(other.waitFor()).isEqualTo(143);
      assertThat(held.signal(Signal.TERM)).isFalse();
    }
    assertThat(PidFd.open(2_000_000_000)).isEmpty();
  }

  @Test
  void a_new_session_has_its_own_leader() {
    ChildProcess.Outcome outcome =
        ChildProcess.run(
            Command.of("/bin/sh", "-c", "echo $$; cut -d' ' -f6 /proc/$$/stat").inNewSession(),
            SOON);
    String[] lines = outcome.output().split("\n");
    assertThat(lines[0]).isEqualTo(lines[1]);
  }

  @Test
  void signals_have_the_names_people_use() {
    assertThat(Signal.parse("sigterm")).isEqualTo(Signal.TERM);
    assertThat(Signal.parse("9")).isEqualTo(Signal.KILL);
    assertThat(Signal.parse("RTMIN+3").number()).isEqualTo(37);
    assertThat(Signal.parse("SIGRTMAX-1").fullName()).isEqualTo("SIGRTMIN+29");
    assertThat(new Signal(28).fullName()).isEqualTo("SIGWINCH");
    for (String bad : List.of("", "SIG", "0", "65", "-9", "TERMINATE", "99999999999")) {
      assertThatThrownBy(() -> Signal.parse(bad))
          .isInstanceOf(Fault.InvalidArgument.class)
          .hasMessage("Invalid signal: " + bad);
    }
  }
}
