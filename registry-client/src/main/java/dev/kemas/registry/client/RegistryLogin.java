package dev.kemas.registry.client;

/**
 * What to show a registry that asks who calls. Never written anywhere; the text form hides it.
 *
 * @param username empty for nobody
 * @param password empty when there is none
 * @param identityToken a refresh token instead of a password; empty when there is none
 * @param registryToken a bearer token to be shown as it is; empty when there is none
 */
public record RegistryLogin(
    String username, String password, String identityToken, String registryToken) {
  /** Nobody. */
  public static final RegistryLogin ANONYMOUS = new RegistryLogin("", "", "", "");

  /** A user with a password. */
  public static RegistryLogin of(String username, String password) {
    return new RegistryLogin(username, password, "", "");
  }

  /** Whether there is nothing to show. */
  public boolean anonymous() {
    return username.isEmpty() && identityToken.isEmpty() && registryToken.isEmpty();
  }

  @Override
  public String toString() {
    return "RegistryLogin[username=" + username + "]";
  }
}
