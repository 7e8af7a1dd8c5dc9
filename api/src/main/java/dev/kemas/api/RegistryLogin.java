package dev.kemas.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;
import java.io.Serial;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Credentials for a registry, from the header {@code X-Registry-Auth} or the body of {@code POST
 * /auth}. Never written anywhere; the text form hides the secrets.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RegistryLogin(
    String username,
    String password,
    String serveraddress,
    String identitytoken,
    String registrytoken) {
  /** None. */
  public static final RegistryLogin ANONYMOUS = new RegistryLogin("", "", "", "", "");

  public RegistryLogin {
    username = Absent.text(username);
    password = Absent.text(password);
    serveraddress = Absent.text(serveraddress);
    identitytoken = Absent.text(identitytoken);
    registrytoken = Absent.text(registrytoken);
  }

  /**
   * Reads the header: JSON in base64 with the alphabet for URLs, or the common one.
   *
   * @throws Fault.InvalidArgument when it is not
   */
  public static RegistryLogin decode(String header) {
    return decode("X-Registry-Auth", header, RegistryLogin.class).orElse(ANONYMOUS);
  }

  /**
   * Reads the header {@code X-Registry-Config} of a build, which has the logins of many registries.
   *
   * @throws Fault.InvalidArgument when it is not of that form
   */
  public static Map<String, RegistryLogin> decodeAll(String header) {
    return decode("X-Registry-Config", header, Logins.class).map(Map::copyOf).orElse(Map.of());
  }

  private static final class Logins extends TreeMap<String, RegistryLogin> {
    @Serial private static final long serialVersionUID = 1L;
  }

  private static <T> Optional<T> decode(String name, String header, Class<T> type) {
    String text = header.strip().replace('+', '-').replace('/', '_').replace("=", "");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.read(Base64.getUrlDecoder().decode(text), type, "registry login"));
    } catch (IllegalArgumentException e) {
      throw new Fault.InvalidArgument("invalid " + name + " header: " + e.getMessage(), e);
    } catch (Fault.InvalidArgument e) {
      // the cause would quote the secrets
      throw new Fault.InvalidArgument("invalid " + name + " header: not the expected JSON");
    }
  }

  /** Whether there is nothing in it. */
  public boolean isAnonymous() {
    return username.isEmpty() && identitytoken.isEmpty() && registrytoken.isEmpty();
  }

  @Override
  public String toString() {
    return "RegistryLogin[username=" + username + ", serveraddress=" + serveraddress + "]";
  }
}
