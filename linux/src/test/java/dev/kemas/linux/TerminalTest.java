package dev.kemas.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TerminalTest {
  /** The other side of a pair, opened as a program would. */
  private static Descriptor slave(Pty pty) {
    try (RootDir root = RootDir.open(Path.of("/"))) {
      return root.at(pty.slave())
          .directory()
          .openForWrite(Path.of(pty.slave()).getFileName().toString())
          .descriptor();
    }
  }

  private static String read(Pty pty) {
    ByteBuffer into = ByteBuffer.allocate(100);
    int n = pty.read(into);
    return n < 0 ? "END" : new String(into.array(), 0, n, StandardCharsets.UTF_8);
  }

  @Test
  void a_size_that_is_set_is_the_size_that_is_seen() {
    try (Pty pty = Pty.open();
        Descriptor slave = slave(pty)) {
      pty.resize(new Terminal.Size(120, 40));
      assertThat(Terminal.size(slave)).isEqualTo(new Terminal.Size(120, 40));
      assertThat(Terminal.isTerminal(slave.number())).isTrue();
    }
  }

  @Test
  void a_pipe_is_no_terminal() {
    try (Pipe pipe = Pipe.toRead("pipe")) {
      assertThat(Terminal.isTerminal(pipe.reader().number())).isFalse();
    }
  }

  @Test
  void raw_mode_stops_the_echo_and_restore_brings_it_back() {
    try (Pty pty = Pty.open();
        Descriptor slave = slave(pty)) {
      pty.write(ByteBuffer.wrap("a\n".getBytes(StandardCharsets.UTF_8)));
      assertThat(read(pty)).isEqualTo("a\r\n");
      Terminal.Modes before = Terminal.makeRaw(slave.number());
      pty.write(ByteBuffer.wrap("b".getBytes(StandardCharsets.UTF_8)));
      slave.write(ByteBuffer.wrap("\n".getBytes(StandardCharsets.UTF_8)));
      assertThat(read(pty)).as("no echo, no carriage return").isEqualTo("\n");
      Terminal.restore(slave.number(), before);
      pty.write(ByteBuffer.wrap("c\n".getBytes(StandardCharsets.UTF_8)));
      assertThat(read(pty)).isEqualTo("c\r\n");
    }
  }

  @Test
  void the_end_is_seen_when_nobody_has_the_other_side() {
    try (Pty pty = Pty.open()) {
      Descriptor slave = slave(pty);
      slave.write(ByteBuffer.wrap("bye".getBytes(StandardCharsets.UTF_8)));
      slave.close();
      assertThat(read(pty)).isEqualTo("bye");
      assertThat(read(pty)).isEqualTo("END");
    }
  }
}
