package dev.kemas.grpc;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The methods that this end answers, by their path. Filled before it is used, then for any number
 * of threads.
 */
public final class Services {
  private final Map<String, Handler> handlers = new HashMap<>();

  /** None yet. */
  public Services() {}

  /**
   * Adds a method.
   *
   * @param method {@code /package.Service/Method}
   */
  public Services on(String method, Handler handler) {
    if (handlers.putIfAbsent(method, handler) != null) {
      throw new IllegalArgumentException(method + " has a handler already");
    }
    return this;
  }

  /** Adds a method with one message each way. */
  public <Q extends MessageLite, A extends MessageLite> Services answer(
      String method, Parser<Q> question, Function<Q, A> answer) {
    return on(method, Handler.unary(question, (_, message) -> answer.apply(message)));
  }

  Optional<Handler> find(String method) {
    return Optional.ofNullable(handlers.get(method));
  }
}
