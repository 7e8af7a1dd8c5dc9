package dev.kemas.session;

import dev.kemas.buildkit.wire.Auth.CredentialsRequest;
import dev.kemas.buildkit.wire.Auth.CredentialsResponse;
import dev.kemas.registry.client.RegistryLogin;

/**
 * A client's logins to registries ({@code moby.filesync.v1.Auth}). Kept nowhere here. Safe for
 * several threads.
 */
public final class ClientLogins {
  private static final String METHOD = "/moby.filesync.v1.Auth/Credentials";

  /** Where Docker Hub's registry is: clients know its login by this host. */
  private static final String HUB = "registry-1.docker.io";

  private final Session session;

  /** Those of a client. */
  public ClientLogins(Session session) {
    this.session = session;
  }

  /**
   * What to show a registry; {@link RegistryLogin#ANONYMOUS} when the client has nothing for it.
   *
   * @param host as references have it, {@code docker.io} for Docker Hub
   * @throws dev.kemas.fault.Fault.Unavailable when the client goes
   */
  public RegistryLogin find(String host) {
    if (!session.offers(METHOD)) {
      return RegistryLogin.ANONYMOUS;
    }
    CredentialsResponse answer =
        session.ask(
            METHOD,
            CredentialsRequest.newBuilder().setHost(host.equals("docker.io") ? HUB : host).build(),
            CredentialsResponse.parser());
    // a secret without a name is a token that gets others
    return answer.getUsername().isEmpty()
        ? new RegistryLogin("", "", answer.getSecret(), "")
        : RegistryLogin.of(answer.getUsername(), answer.getSecret());
  }
}
