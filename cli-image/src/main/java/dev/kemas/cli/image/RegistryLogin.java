package dev.kemas.cli.image;

import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Session;
import dev.kemas.credential.ClientConfig;
import dev.kemas.credential.RegistryKey;

/** The login that goes with a request about an image, for the engine to use at the registry. */
public final class RegistryLogin {
  private RegistryLogin() {}

  /** Adds the header {@code X-Registry-Auth} where there is a login for the image's registry. */
  public static void into(Request request, Session session, String image) {
    ClientConfig.of(session::variable)
        .find(RegistryKey.ofImage(image))
        .ifPresent(credential -> request.header("X-Registry-Auth", credential.toHeader()));
  }
}
