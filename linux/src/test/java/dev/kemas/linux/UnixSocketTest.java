package dev.kemas.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixSocketTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  @TempDir Path temp;

  @Test
  void messages_keep_their_borders_and_the_end_is_seen() {
    Path path = temp.resolve("s");
    try (UnixSocket server = UnixSocket.listen(path, UnixSocket.Kind.SEQPACKET);
        UnixSocket client = UnixSocket.connect(path, UnixSocket.Kind.SEQPACKET);
        UnixSocket peer = server.accept(SOON)) {
      client.send("one".getBytes(StandardCharsets.UTF_8), 0, 3);
      client.send("three".getBytes(StandardCharsets.UTF_8), 0, 5);
      client.shutdownOutput();
      byte[] into = new byte[100];
      assertThat(peer.receive(into)).isEqualTo(3);
      assertThat(peer.receive(into)).isEqualTo(5);
      assertThat(peer.receive(into)).isEqualTo(-1);
      peer.send(into, 0, 5);
      assertThat(client.receive(into)).isEqualTo(5);
    }
  }

  @Test
  void a_path_longer_than_an_address_works() throws Exception {
    Path deep = Files.createDirectories(temp.resolve("d".repeat(100)).resolve("e".repeat(100)));
    try (UnixSocket server = UnixSocket.listen(deep.resolve("s"), UnixSocket.Kind.STREAM);
        UnixSocket client = UnixSocket.connect(deep.resolve("s"), UnixSocket.Kind.STREAM);
        UnixSocket peer = server.accept(SOON)) {
      byte[] much = new byte[500_000];
      Thread.ofVirtual().start(() -> client.send(much, 0, much.length));
      byte[] into = new byte[70_000];
      int total = 0;
      while (total < much.length) {
        total += peer.receive(into);
      }
      assertThat(total).isEqualTo(much.length);
    }
  }

  @Test
  void a_terminal_comes_through_a_socket() {
    Path path = temp.resolve("console");
    try (UnixSocket server = UnixSocket.listen(path, UnixSocket.Kind.STREAM);
        UnixSocket client = UnixSocket.connect(path, UnixSocket.Kind.STREAM);
        UnixSocket peer = server.accept(SOON);
        Pty pty = Pty.open()) {
      client.sendDescriptor(pty.master());
      try (Pty received = Pty.adopt(peer.receiveDescriptor(SOON))) {
        received.resize(new Terminal.Size(132, 43));
        assertThat(Terminal.size(pty.master())).isEqualTo(new Terminal.Size(132, 43));
      }
    }
  }

  @Test
  void nobody_there_and_nobody_listening_are_told_apart() throws Exception {
    assertThatThrownBy(() -> UnixSocket.connect(temp.resolve("none"), UnixSocket.Kind.STREAM))
        .isInstanceOf(Fault.NotFound.class);
    Path path = temp.resolve("dead");
    UnixSocket.listen(path, UnixSocket.Kind.STREAM).close();
    assertThatThrownBy(() -> UnixSocket.connect(path, UnixSocket.Kind.STREAM))
        .isInstanceOf(Fault.Unavailable.class)
        .hasMessageContaining("ECONNREFUSED");
  }
}
