package dev.kemas.daemon.image;

import dev.kemas.registry.client.RegistryLogin;

/** From the API's logins to those of the registry client. */
public final class Logins {
  private Logins() {}

  /** The same login. */
  public static RegistryLogin of(dev.kemas.api.RegistryLogin login) {
    return new RegistryLogin(
        login.username(), login.password(), login.identitytoken(), login.registrytoken());
  }
}
