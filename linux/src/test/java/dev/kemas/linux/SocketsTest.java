package dev.kemas.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SocketsTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  @Test
  void a_message_keeps_its_border_on_a_seqpacket_socket() {
    List<Descriptor> pair = Sockets.pair(Sockets.SOCK_SEQPACKET, "pair");
    try (Descriptor a = pair.get(0);
        Descriptor b = pair.get(1);
        Arena arena = Arena.ofConfined()) {
      Sockets.send(a, arena.allocateFrom("one"));
      Sockets.send(a, arena.allocateFrom("three"));
      MemorySegment into = arena.allocate(100);
      assertThat(Sockets.receive(b, into, 0, SOON)).isEqualTo(4);
      assertThat(Sockets.receive(b, into, 0, SOON)).isEqualTo(6);
      assertThat(into.getString(0)).isEqualTo("three");
    }
  }

  @Test
  void a_descriptor_travels_with_a_message_and_works_on_the_other_side() {
    List<Descriptor> carrier = Sockets.pair(Sockets.SOCK_STREAM, "carrier");
    List<Descriptor> cargo = Sockets.pair(Sockets.SOCK_STREAM, "cargo");
    try (Arena arena = Arena.ofConfined()) {
      Sockets.sendMessage(carrier.get(0), arena.allocateFrom("x"), List.of(cargo.get(1)));
      cargo.get(1).close();
      Sockets.Message got = Sockets.receiveMessage(carrier.get(1), arena.allocate(10), SOON);
      assertThat(got.length()).isEqualTo(2);
      try (Descriptor received = got.descriptors().getFirst()) {
        cargo.get(0).write(ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8)));
        ByteBuffer into = ByteBuffer.allocate(10);
        assertThat(received.read(into)).isEqualTo(5);
      }
    } finally {
      carrier.forEach(Descriptor::close);
      cargo.forEach(Descriptor::close);
    }
  }

  @Test
  void many_virtual_threads_wait_without_holding_a_carrier() throws Exception {
    List<List<Descriptor>> pairs =
        java.util.stream.IntStream.range(0, 50)
            .mapToObj(i -> Sockets.pair(Sockets.SOCK_STREAM, "pair " + i))
            .toList();
    List<CompletableFuture<Integer>> waits =
        pairs.stream()
            .map(p -> {
              CompletableFuture<Integer> done = new CompletableFuture<>();
              Thread.ofVirtual().start(() -> done.complete(p.get(1).read(ByteBuffer.allocate(8))));
              return done;
            })
            .toList();
    pairs.reversed().forEach(p -> p.get(0).write(ByteBuffer.wrap(new byte[] {1, 2})));
    for (CompletableFuture<Integer> wait : waits) {
      assertThat(wait.get(10, TimeUnit.SECONDS)).isEqualTo(2);
    }
    pairs.forEach(p -> p.forEach(Descriptor::close));
  }

  @Test
  void closing_a_descriptor_wakes_its_reader_with_a_fault() {
    List<Descriptor> pair = Sockets.pair(Sockets.SOCK_STREAM, "pair");
    CompletableFuture<Throwable> fault = new CompletableFuture<>();
    Thread reader =
        Thread.ofVirtual()
            .start(() -> {
              try {
                pair.get(1).read(ByteBuffer.allocate(1));
              } catch (Fault e) {
                fault.complete(e);
              }
            });
    while (reader.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    pair.get(1).close();
    assertThat(fault.orTimeout(10, TimeUnit.SECONDS).join())
        .isInstanceOf(Fault.Unavailable.class)
        .hasMessageContaining("is closed");
    pair.get(0).close();
  }

  @Test
  void a_wait_ends_when_its_time_is_over() {
    List<Descriptor> pair = Sockets.pair(Sockets.SOCK_STREAM, "pair");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment into = arena.allocate(1);
      assertThatThrownBy(() -> Sockets.receive(pair.get(0), into, 0, Duration.ofMillis(20)))
          .isInstanceOf(Fault.Unavailable.class)
          .hasMessageContaining("nothing came in time");
    } finally {
      pair.forEach(Descriptor::close);
    }
  }

  @Test
  void a_failure_names_the_call_the_thing_and_the_errno() {
    try (Descriptor socket = Sockets.open(Sockets.AF_UNIX, Sockets.SOCK_STREAM, 0, "a socket");
        Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(110);
      address.set(ValueLayout.JAVA_SHORT, 0, (short) Sockets.AF_UNIX);
      address.setString(2, "/no/such/socket");
      assertThatThrownBy(() -> Sockets.connect(socket, address))
          .isInstanceOf(Fault.NotFound.class)
          .hasMessageContaining("connect(a socket")
          .hasMessageContaining("no such file or directory (ENOENT)")
          .satisfies(e -> assertThat(Errno.of(e)).contains(Errno.ENOENT));
    }
  }
}
