package dev.kemas.grpc;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.kemas.fault.Fault;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One call, seen from either end: messages out, messages in. Sending and receiving may go on at the
 * same time, each on one thread.
 */
public interface Call {
  /** A message may not be longer, in bytes. */
  int LARGEST_MESSAGE = 16 * 1024 * 1024;

  /** What is called: {@code /package.Service/Method}. */
  String method();

  /**
   * What the caller said beside its messages. Names are lower case; values of names that end in
   * {@code -bin} are in base64, as they travel.
   */
  Map<String, List<String>> metadata();

  /** The first value of a name. */
  default Optional<String> metadata(String name) {
    return metadata().getOrDefault(name, List.of()).stream().findFirst();
  }

  /**
   * Sends a message. Blocks while the other end reads slower than this one writes.
   *
   * @throws Fault as the other end ended the call, {@link Fault.Cancelled} when it was cancelled,
   *     {@link Fault.Unavailable} when the connection is gone
   * @throws Fault.InvalidArgument when it is longer than {@link #LARGEST_MESSAGE}
   */
  void send(MessageLite message);

  /**
   * The next message; blocks until it is there.
   *
   * @return empty when the other end has sent its last one, and the call did not fail
   * @throws Fault as the other end ended the call, {@link Fault.Cancelled} when it was cancelled,
   *     {@link Fault.Unavailable} when the connection is gone
   * @throws Fault.ResourceExhausted when it is longer than {@link #LARGEST_MESSAGE}
   * @throws Fault.DataLoss when it is no such message
   */
  <T extends MessageLite> Optional<T> receive(Parser<T> parser);

  /**
   * The one message of a call that has one.
   *
   * @throws Fault.DataLoss when there is none
   */
  default <T extends MessageLite> T receiveOne(Parser<T> parser) {
    return receive(parser)
        .orElseThrow(() -> new Fault.DataLoss(method() + ": the other end sent no message"));
  }

  /**
   * Runs this once when the call is cut: by its deadline, by the other end or with the connection,
   * at once if it was already. Not when it ends by itself. On a thread of the connection: it must
   * not block.
   */
  void whenCut(Runnable action);
}
