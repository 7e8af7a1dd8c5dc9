package dev.kemas.api.server;

import dev.kemas.grpc.Peer;
import dev.kemas.grpc.Services;
import java.util.List;

/**
 * What BuildKit's two doors need: the one that clients call, and the one that they are called by.
 */
public interface SessionBackend {
  /**
   * How a client introduces the services it offers.
   *
   * @param id of its own making; builds name it
   * @param name what it is for
   * @param sharedKey the same for sessions with the same files; may be empty
   * @param methods what it offers, {@code /package.Service/Method} each
   */
  record Hello(String id, String name, String sharedKey, List<String> methods) {
    public Hello {
      methods = List.copyOf(methods);
    }
  }

  /** The services behind {@code /grpc}. */
  Services services();

  /**
   * A client offers its services behind {@code /session}, until the connection is gone. Must not
   * block.
   */
  void session(Hello hello, Peer client);
}
