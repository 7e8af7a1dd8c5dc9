package dev.kemas.grpc;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.util.function.BiFunction;

/** Answers calls of one method. For any number of threads. */
@FunctionalInterface
public interface Handler {
  /**
   * Answers a call, on a thread of its own. The call ends well when this returns. A {@link
   * dev.kemas.fault.Fault} or a {@link CallFailed} is told to the caller as such, whatever else is
   * thrown as an internal error.
   */
  void handle(Call call) throws Exception;

  /** For a method with one message each way. */
  static <Q extends MessageLite, A extends MessageLite> Handler unary(
      Parser<Q> question, BiFunction<Call, Q, A> answer) {
    return call -> call.send(answer.apply(call, call.receiveOne(question)));
  }
}
