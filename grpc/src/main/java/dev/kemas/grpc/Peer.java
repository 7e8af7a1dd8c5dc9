package dev.kemas.grpc;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.kemas.fault.Fault;
import java.util.List;
import java.util.Map;

/** The other end of a connection, whose services can be called. For any number of threads. */
public interface Peer extends AutoCloseable {
  /**
   * Begins a call.
   *
   * @param method {@code /package.Service/Method}
   * @param metadata names in lower case
   * @throws Fault.Unavailable when the connection is gone
   */
  OutgoingCall open(String method, Map<String, List<String>> metadata);

  /**
   * A call with one message each way.
   *
   * @throws Fault as the other end ended the call: {@link Fault.Unsupported} when it has no such
   *     method
   */
  default <T extends MessageLite> T ask(
      String method,
      Map<String, List<String>> metadata,
      MessageLite question,
      Parser<T> answerParser) {
    try (OutgoingCall call = open(method, metadata)) {
      call.send(question);
      call.halfClose();
      T answer = call.receiveOne(answerParser);
      // the status comes behind the message
      if (call.receive(answerParser).isPresent()) {
        throw new Fault.DataLoss(method + ": the other end sent more than one message");
      }
      return answer;
    }
  }

  /** Runs this once when the connection is gone, at once if it is already. It must not block. */
  void whenGone(Runnable action);

  /** Ends the connection with all its calls. */
  @Override
  void close();
}
