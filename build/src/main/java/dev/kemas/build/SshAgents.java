package dev.kemas.build;

import java.nio.file.Path;
import java.util.Optional;

/** The agents that the client lends to {@code RUN --mount=type=ssh}. Safe for several threads. */
@FunctionalInterface
public interface SshAgents {
  /** None at all. */
  SshAgents NONE = (id, socket) -> Optional.empty();

  /** An agent that answers on a socket until it is closed, which removes the socket, too. */
  interface Forwarded extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Has an agent answer on a new unix socket.
   *
   * @param id as the Dockerfile has it; {@code default} where it has none
   * @param socket the socket to make; permissions and owner are the caller's to set
   * @return empty when the client has no agent of that id
   * @throws dev.kemas.fault.Fault.Unavailable when the client went away
   */
  Optional<Forwarded> forward(String id, Path socket);
}
