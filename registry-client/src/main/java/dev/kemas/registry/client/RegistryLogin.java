package dev.kemas.registry.client;

/**
 * What to show a registry that asks who calls. Never written anywhere; the text form hides it.
 *
 * @param username empty for nobody
 * @param password empty when there is none
 * @param identityToken a refresh token instead of a password; empty when there is none
 */
public record RegistryLogin(String username, String password, String identityToken) {
  /** Nobody. */
  public static final RegistryLogin ANONYMOUS = new RegistryLogin("", "", "");

  /** Whether there is nothing to show. */
  public boolean anonymous() {
    return username.isEmpty() && identityToken.isEmpty();
  }

  @Override
  public String toString() {
    return "RegistryLogin[username=" + username + "]";
  }
}
