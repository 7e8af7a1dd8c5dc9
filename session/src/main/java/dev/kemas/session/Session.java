package dev.kemas.session;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.kemas.fault.Fault;
import dev.kemas.grpc.OutgoingCall;
import dev.kemas.grpc.Peer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A client that offers services, for as long as its connection lives. Safe for several threads. */
public final class Session {
  private final Hello hello;
  private final Peer peer;
  private final Set<String> methods;
  private volatile boolean gone;

  Session(Hello hello, Peer peer) {
    this.hello = hello;
    this.peer = peer;
    // clients differ in the case of method names: that of their own code, or of the wire
    this.methods =
        hello.methods().stream().map(Session::folded).collect(Collectors.toUnmodifiableSet());
    peer.whenGone(() -> gone = true);
  }

  private static String folded(String method) {
    return method.toLowerCase(Locale.ROOT);
  }

  /** Its name in requests. */
  public String id() {
    return hello.id();
  }

  /** What the client says it is for. */
  public String name() {
    return hello.name();
  }

  /** The same for sessions with the same files; may be empty. */
  public String sharedKey() {
    return hello.sharedKey();
  }

  /** Whether the client offers a method, {@code /package.Service/Method}. */
  public boolean offers(String method) {
    return methods.contains(folded(method));
  }

  /** Whether the connection has ended. */
  public boolean isGone() {
    return gone;
  }

  /** Runs this once when the connection ends, at once if it has. It must not block. */
  public void whenGone(Runnable action) {
    peer.whenGone(action);
  }

  /** Ends the connection and all that goes on with it. */
  public void end() {
    peer.close();
  }

  /**
   * Begins a call.
   *
   * @throws Fault.Unsupported when the client does not offer it
   * @throws Fault.Unavailable when the client has gone
   */
  OutgoingCall open(String method, Map<String, List<String>> metadata) {
    require(method);
    return peer.open(method, metadata);
  }

  /** A call with one message each way; as {@link #open}. */
  <T extends MessageLite> T ask(String method, MessageLite question, Parser<T> answer) {
    require(method);
    return peer.ask(method, Map.of(), question, answer);
  }

  /** The same, saying something beside the question. */
  <T extends MessageLite> T ask(
      String method, Map<String, List<String>> metadata, MessageLite question, Parser<T> answer) {
    require(method);
    return peer.ask(method, metadata, question, answer);
  }

  private void require(String method) {
    if (gone) {
      throw new Fault.Unavailable("the client " + hello.id() + " has gone");
    }
    if (!offers(method)) {
      throw new Fault.Unsupported("the client " + hello.id() + " offers no " + method.substring(1));
    }
  }

  @Override
  public String toString() {
    return "session " + hello.id();
  }
}
