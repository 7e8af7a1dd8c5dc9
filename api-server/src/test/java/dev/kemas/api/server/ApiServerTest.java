package dev.kemas.api.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of the sockets. */
class ApiServerTest {
  @TempDir Path folder;

  private static ApiServer start(Path... sockets) {
    return ApiServer.start(
        java.util.stream.Stream.of(sockets).map(s -> (Listen) new Listen.Unix(s)).toList(),
        ApiServer.Access.LOCAL,
        "Kemas/test",
        new FakeEngine().routers());
  }

  @Test
  void theSocketIsForTheOwnerAndTheGroup() throws Exception {
    Path socket = folder.resolve("new/s.sock");
    try (ApiServer server = start(socket)) {
      assertThat(server).isNotNull();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
          .isEqualTo("rw-rw----");
      assertThat(Files.list(socket.getParent())).containsExactly(socket);
    }
    assertThat(socket).doesNotExist();
  }

  @Test
  void severalSocketsAnswer() throws Exception {
    Path one = folder.resolve("1.sock");
    Path two = folder.resolve("2.sock");
    try (ApiServer server = start(one, two)) {
      assertThat(server).isNotNull();
      assertThat(RawClient.ask(one, "GET", "/_ping", "").body()).isEqualTo("OK");
      assertThat(RawClient.ask(two, "GET", "/_ping", "").body()).isEqualTo("OK");
    }
  }

  @Test
  void aStaleSocketIsReplacedAndALiveOneRefused() throws Exception {
    Path socket = folder.resolve("s.sock");
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(socket));
    }
    assertThat(socket).exists();
    try (ApiServer server = start(socket)) {
      assertThat(server).isNotNull();
      assertThatThrownBy(() -> start(socket))
          .isInstanceOf(Fault.Conflict.class)
          .hasMessageContaining("another daemon answers there");
      assertThat(RawClient.ask(socket, "GET", "/_ping", "").body()).isEqualTo("OK");
    }
  }

  @Test
  void plainTcpIsRefused() {
    assertThatThrownBy(() ->
            ApiServer.start(
                List.of(Listen.parse("tcp://192.0.2.1:2375")),
                ApiServer.Access.LOCAL,
                "x",
                List.<Router>of()))
        .isInstanceOf(Fault.class)
        .hasMessageContaining("tlsverify");
  }
}
