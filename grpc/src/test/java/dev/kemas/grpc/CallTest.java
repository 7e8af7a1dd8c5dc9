package dev.kemas.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.Int64Value;
import com.google.protobuf.StringValue;
import dev.kemas.fault.Fault;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls over a real socket, whoever dialled. */
@Timeout(60)
final class CallTest {
  private static final String METHOD = "/test.Service/Method";

  /** Who dials. */
  enum Roles {
    CALLER_DIALS,
    CALLER_ACCEPTS;

    Wire wire(Services services) throws Exception {
      return switch (this) {
        case CALLER_DIALS -> Wire.callerDials(services);
        case CALLER_ACCEPTS -> Wire.callerAccepts(services);
      };
    }
  }

  private static StringValue text(String value) {
    return StringValue.of(value);
  }

  @ParameterizedTest
  @EnumSource
  void aQuestionHasAnAnswerAndMetadataTravels(Roles roles) throws Exception {
    Services services =
        new Services()
            .on(
                METHOD,
                call -> {
                  String question = call.receiveOne(StringValue.parser()).getValue();
                  call.send(
                      text(question + " " + call.metadata("who").orElse("nobody") + call.method()));
                });
    try (Wire wire = roles.wire(services)) {
      StringValue answer =
          wire.peer()
              .ask(METHOD, Map.of("who", List.of("me")), text("hello"), StringValue.parser());
      assertThat(answer.getValue()).isEqualTo("hello me" + METHOD);
    }
  }

  @ParameterizedTest
  @EnumSource
  void messagesFlowBothWaysAtOnce(Roles roles) throws Exception {
    Services services =
        new Services()
            .on(
                METHOD,
                call -> {
                  Optional<StringValue> next = call.receive(StringValue.parser());
                  while (next.isPresent()) {
                    call.send(text("echo " + next.get().getValue()));
                    next = call.receive(StringValue.parser());
                  }
                  call.send(text("end"));
                });
    try (Wire wire = roles.wire(services);
        OutgoingCall call = wire.peer().open(METHOD, Map.of())) {
      for (int i = 0; i < 500; i++) {
        call.send(text("m" + i));
        assertThat(call.receiveOne(StringValue.parser()).getValue()).isEqualTo("echo m" + i);
      }
      call.halfClose();
      assertThat(call.receiveOne(StringValue.parser()).getValue()).isEqualTo("end");
      assertThat(call.receive(StringValue.parser())).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFaultArrivesAsTheSameFault(Roles roles) throws Exception {
    Services services =
        new Services()
            .on(
                METHOD,
                call -> {
                  call.receive(StringValue.parser());
                  throw new Fault.Forbidden("nicht für dich: 100 %\nnever");
                })
            .on(
                "/test.Service/Late",
                call -> {
                  call.send(text("one"));
                  throw new Fault.NotFound("thing", "x", "no such thing: x");
                });
    try (Wire wire = roles.wire(services)) {
      assertThatThrownBy(() -> wire.peer().ask(METHOD, Map.of(), text("q"), StringValue.parser()))
          .isInstanceOf(Fault.Forbidden.class)
          .hasMessage("nicht für dich: 100 %\nnever");
      try (OutgoingCall call = wire.peer().open("/test.Service/Late", Map.of())) {
        assertThat(call.receiveOne(StringValue.parser()).getValue()).isEqualTo("one");
        assertThatThrownBy(() -> call.receive(StringValue.parser()))
            .isInstanceOf(Fault.NotFound.class)
            .hasMessage("no such thing: x");
      }
      assertThatThrownBy(() ->
              wire.peer().ask("/test.Service/Missing", Map.of(), text("q"), StringValue.parser()))
          .isInstanceOf(Fault.Unsupported.class)
          .hasMessageContaining("/test.Service/Missing");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSlowReaderSlowsTheWriter(Roles roles) throws Exception {
    AtomicInteger sent = new AtomicInteger();
    CountDownLatch read = new CountDownLatch(1);
    ByteString chunk = ByteString.copyFrom(new byte[1024 * 1024]);
    Services services =
        new Services()
            .on(
                METHOD,
                call -> {
                  read.await();
                  long total = 0;
                  Optional<BytesValue> next = call.receive(BytesValue.parser());
                  while (next.isPresent()) {
                    total += next.get().getValue().size();
                    next = call.receive(BytesValue.parser());
                  }
                  call.send(Int64Value.of(total));
                });
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        Wire wire = roles.wire(services);
        OutgoingCall call = wire.peer().open(METHOD, Map.of())) {
      int many = 64;
      Future<?> writer =
          threads.submit(() -> {
            for (int i = 0; i < many; i++) {
              call.send(BytesValue.of(chunk));
              sent.incrementAndGet();
            }
            call.halfClose();
          });
      assertThatThrownBy(() -> writer.get(1, TimeUnit.SECONDS))
          .as("the writer waits for the reader")
          .isInstanceOf(java.util.concurrent.TimeoutException.class);
      assertThat(sent.get()).isLessThan(8);
      read.countDown();
      assertThat(call.receiveOne(Int64Value.parser()).getValue())
          .isEqualTo((long) many * chunk.size());
      writer.get(10, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theServerHearsOfACancelledCall(Roles roles) throws Exception {
    CompletableFuture<String> cut = new CompletableFuture<>();
    CompletableFuture<Class<?>> seen = new CompletableFuture<>();
    Services services =
        new Services()
            .on(
                METHOD,
                call -> {
                  call.whenCut(() -> cut.complete("cut"));
                  try {
                    call.send(text("begun"));
                    call.receive(StringValue.parser());
                  } catch (Fault e) {
                    seen.complete(e.getClass());
                    throw e;
                  }
                });
    try (Wire wire = roles.wire(services);
        OutgoingCall call = wire.peer().open(METHOD, Map.of())) {
      call.receiveOne(StringValue.parser());
      call.cancel("enough");
      assertThat(cut.get(10, TimeUnit.SECONDS)).isEqualTo("cut");
      assertThat(seen.get(10, TimeUnit.SECONDS)).isEqualTo(Fault.Cancelled.class);
      assertThatThrownBy(() -> call.receive(StringValue.parser()))
          .isInstanceOf(Fault.Cancelled.class)
          .hasMessageContaining("enough");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCutWireEndsTheCallsOfBothEnds(Roles roles) throws Exception {
    for (boolean accepted : new boolean[] {true, false}) {
      CompletableFuture<Class<?>> seen = new CompletableFuture<>();
      CompletableFuture<String> gone = new CompletableFuture<>();
      Services services =
          new Services()
              .on(
                  METHOD,
                  call -> {
                    try {
                      call.send(text("begun"));
                      call.receive(StringValue.parser());
                    } catch (Fault e) {
                      seen.complete(e.getClass());
                      throw e;
                    }
                  });
      try (Wire wire = roles.wire(services);
          OutgoingCall call = wire.peer().open(METHOD, Map.of())) {
        wire.peer().whenGone(() -> gone.complete("gone"));
        call.receiveOne(StringValue.parser());
        if (accepted) {
          wire.cutAccepted();
        } else {
          wire.cutDialled();
        }
        assertThatThrownBy(() -> call.receive(StringValue.parser()))
            .isInstanceOf(Fault.Unavailable.class);
        assertThat(seen.get(10, TimeUnit.SECONDS)).isEqualTo(Fault.Unavailable.class);
        assertThat(gone.get(10, TimeUnit.SECONDS)).isEqualTo("gone");
        assertThatThrownBy(() -> wire.peer().open(METHOD, Map.of()))
            .isInstanceOf(Fault.Unavailable.class);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aMessageOverTheLimitIsRefused(Roles roles) throws Exception {
    ByteString large = ByteString.copyFrom(new byte[Call.LARGEST_MESSAGE]);
    Services services = new Services().on(METHOD, call -> call.receive(BytesValue.parser()));
    try (Wire wire = roles.wire(services);
        OutgoingCall call = wire.peer().open(METHOD, Map.of())) {
      assertThatThrownBy(() -> call.send(BytesValue.of(large)))
          .isInstanceOf(Fault.InvalidArgument.class)
          .hasMessageContaining("16777221");
    }
  }

  @ParameterizedTest
  @EnumSource
  void theServerMayEndBeforeItHasReadAll(Roles roles) throws Exception {
    Services services =
        new Services()
            .on(
                METHOD,
                call -> {
                  call.receive(BytesValue.parser());
                  throw new Fault.ResourceExhausted("no more room");
                });
    ByteString chunk = ByteString.copyFrom(new byte[1024 * 1024]);
    try (Wire wire = roles.wire(services)) {
      // more often than the connection's window has room for what nobody read
      for (int i = 0; i < 40; i++) {
        try (OutgoingCall call = wire.peer().open(METHOD, Map.of())) {
          assertThatThrownBy(
                  () -> {
                    for (int n = 0; n < 1000; n++) {
                      call.send(BytesValue.of(chunk));
                    }
                  })
              .isInstanceOf(Fault.class);
          assertThatThrownBy(() -> call.receive(BytesValue.parser()))
              .isInstanceOf(Fault.ResourceExhausted.class)
              .hasMessage("no more room");
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void manyCallsShareAConnection(Roles roles) throws Exception {
    Services services = new Services().answer(METHOD, StringValue.parser(), question -> question);
    try (Wire wire = roles.wire(services);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Peer peer = wire.peer();
      List<Future<String>> answers =
          java.util.stream.IntStream.range(0, 2000)
              .mapToObj(i ->
                  threads.submit(() ->
                      peer.ask(METHOD, Map.of(), text("q" + i), StringValue.parser()).getValue()))
              .toList();
      for (int i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i).get(30, TimeUnit.SECONDS)).isEqualTo("q" + i);
      }
    }
  }
}
