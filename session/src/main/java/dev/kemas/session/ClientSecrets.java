package dev.kemas.session;

import dev.kemas.buildkit.wire.Secrets.GetSecretRequest;
import dev.kemas.buildkit.wire.Secrets.GetSecretResponse;
import dev.kemas.fault.Fault;
import java.util.Optional;

/**
 * The secrets that a client lends ({@code moby.buildkit.secrets.v1.Secrets}). Kept nowhere here.
 * Safe for several threads.
 */
public final class ClientSecrets {
  private static final String METHOD = "/moby.buildkit.secrets.v1.Secrets/GetSecret";

  /** What clients hold a secret to. */
  private static final int MOST = 500 * 1024;

  private final Session session;

  /** Those of a client. */
  public ClientSecrets(Session session) {
    this.session = session;
  }

  /**
   * The value of a secret; empty when the client has none of that id.
   *
   * @throws Fault.Unavailable when the client goes
   * @throws Fault.InvalidArgument when it is larger than secrets are
   */
  public Optional<byte[]> find(String id) {
    if (!session.offers(METHOD)) {
      return Optional.empty();
    }
    GetSecretResponse answer;
    try {
      answer =
          session.ask(
              METHOD, GetSecretRequest.newBuilder().setId(id).build(), GetSecretResponse.parser());
    } catch (Fault.NotFound e) {
      return Optional.empty();
    }
    if (answer.getData().size() > MOST) {
      throw new Fault.InvalidArgument(
          "secret " + id + " has more than " + MOST + " bytes: use a file of the context");
    }
    return Optional.of(answer.getData().toByteArray());
  }
}
