package dev.kemas.daemon.build;

import dev.kemas.build.Attestor;
import dev.kemas.build.BuildRequest;
import dev.kemas.build.Context;
import dev.kemas.build.Export;
import dev.kemas.build.NamedContext;
import dev.kemas.build.OnFailure;
import dev.kemas.build.Secrets;
import dev.kemas.build.SshAgents;
import dev.kemas.buildkit.ClientSession;
import dev.kemas.buildkit.LayoutAddress;
import dev.kemas.fault.Fault;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the client of a classic build lends it.
 *
 * @param session empty for a client that only sends its request
 */
record Lent(Optional<ClientSession> session) {
  static final Lent NONE = new Lent(Optional.empty());

  static Lent of(ClientSession session) {
    return new Lent(Optional.of(session));
  }

  Secrets secrets() {
    return session
        .map(ClientSession::access)
        .map(BuildRequest.Access::secrets)
        .orElse(Secrets.NONE);
  }

  SshAgents agents() {
    return session
        .map(ClientSession::access)
        .map(BuildRequest.Access::agents)
        .orElse(SshAgents.NONE);
  }

  /**
   * A folder of the client.
   *
   * @throws Fault.InvalidArgument when it has no session
   */
  Context folder(String name) {
    return required().folder(name);
  }

  /**
   * An image of the client's.
   *
   * @throws Fault.InvalidArgument when it has no session
   */
  NamedContext.Origin layout(LayoutAddress address) {
    return required().layout(address);
  }

  /**
   * Caches in places that the client alone has.
   *
   * @throws Fault.InvalidArgument when it has no session
   */
  BuildRequest.Caches caches(List<Map<String, String>> from, List<Map<String, String>> to) {
    return required().caches(from, to);
  }

  /**
   * A place of the client for a result.
   *
   * @throws Fault.InvalidArgument when it has no session
   */
  List<Export> exports(String type, Map<String, String> attributes, int number, Attestor attestor) {
    return required().exports(type, attributes, number, attestor);
  }

  /**
   * A shell in a step that fails.
   *
   * @throws Fault.InvalidArgument when it has no session
   */
  OnFailure shell(Runnable opening) {
    return required().shell(opening);
  }

  private ClientSession required() {
    return session.orElseThrow(() ->
        new Fault.InvalidArgument(
            "a folder, a place or a terminal of the client is named without a session that lends it"));
  }
}
