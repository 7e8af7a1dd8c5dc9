package dev.kemas.session;

import dev.kemas.buildkit.wire.Ssh.CheckAgentRequest;
import dev.kemas.buildkit.wire.Ssh.CheckAgentResponse;
import dev.kemas.fault.Fault;
import dev.kemas.grpc.OutgoingCall;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The ssh agents that a client lends ({@code moby.sshforward.v1.SSH}). Safe for several threads.
 */
public final class ClientAgents {
  private static final String CHECK = "/moby.sshforward.v1.SSH/CheckAgent";
  private static final String FORWARD = "/moby.sshforward.v1.SSH/ForwardAgent";
  private static final String ID = "buildkit.ssh.id";

  private final Session session;

  /** Those of a client. */
  public ClientAgents(Session session) {
    this.session = session;
  }

  /**
   * Has an agent answer on a new unix socket until that is closed, or the client goes.
   *
   * @param id {@code default} for the one that has no name
   * @param socket a path that must not exist; its mode is 0600 and the caller's to change
   * @return empty when the client has no agent of that id
   * @throws Fault.Unavailable when the client goes
   */
  public Optional<AgentSocket> forward(String id, Path socket) {
    if (!session.offers(FORWARD)) {
      return Optional.empty();
    }
    if (!has(id)) {
      return Optional.empty();
    }
    AgentSocket agent = AgentSocket.open(socket, () -> call(id));
    session.whenGone(agent::disconnect);
    return Optional.of(agent);
  }

  private boolean has(String id) {
    try {
      session.ask(
          CHECK, CheckAgentRequest.newBuilder().setId(id).build(), CheckAgentResponse.parser());
      return true;
    } catch (Fault.NotFound e) {
      return false;
    } catch (Fault.Internal e) {
      // clients tell of an agent that they do not have without a code of its own
      if (e.getMessage().contains("unset ssh forward key")) {
        return false;
      }
      throw e;
    }
  }

  private OutgoingCall call(String id) {
    return session.open(FORWARD, Map.of(ID, List.of(id)));
  }
}
