package dev.kemas.credential;

import dev.kemas.api.client.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * What proves to a registry who asks. Its text form names the user and never the secret.
 *
 * @param server the registry as the configuration file spells it
 * @param user "" where only a token is known
 * @param password "" where a token stands for it
 * @param identityToken an OAuth 2 refresh token that the registry gave for the password, or ""
 */
public record Credential(String server, String user, String password, String identityToken) {
  /** The user name under which helper programs keep an identity token. */
  static final String TOKEN_USER = "<token>";

  /** The body of {@code POST /auth} (AuthConfig of the Engine API). */
  public Json.Obj toJson() {
    Json.Obj json = Json.object();
    if (!user.isEmpty()) {
      json.put("username", user);
    }
    if (!password.isEmpty()) {
      json.put("password", password);
    }
    if (!identityToken.isEmpty()) {
      json.put("identitytoken", identityToken);
    }
    return json.put("serveraddress", server);
  }

  /** The value of the header {@code X-Registry-Auth}: JSON in base64url (RFC 4648, section 5). */
  public String toHeader() {
    byte[] json = toJson().write().getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().encodeToString(json);
  }

  /** The same with the token that the registry gave in place of the password. */
  public Credential withIdentityToken(String token) {
    return new Credential(server, user, "", token);
  }

  @Override
  public String toString() {
    return user + " at " + server;
  }
}
