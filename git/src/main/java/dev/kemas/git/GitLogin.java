package dev.kemas.git;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/**
 * What to show a host. Never printed, never an argument of a program.
 *
 * @param authorization value of the Authorization header for that host, scheme included
 * @param agent socket of an ssh agent
 * @param knownHosts content of a known_hosts file (sshd(8)); what is not in it is refused. Empty: a
 *     host's key is remembered when it is first seen, and must stay
 */
public record GitLogin(
    Optional<String> authorization, Optional<Path> agent, Optional<String> knownHosts) {

  /** Nothing to show. */
  public static final GitLogin NONE =
      new GitLogin(Optional.empty(), Optional.empty(), Optional.empty());

  /** What to show each host: submodules may be on other hosts than their parent. */
  @FunctionalInterface
  public interface Source {
    /** What to show the host of that name, without a port. */
    GitLogin of(String host);
  }

  /** The header for a token, as the hosts of git take it: as a password. */
  public static String ofToken(String token) {
    return basic("x-access-token:" + token);
  }

  /** The header for {@code name:password}. */
  static String basic(String userInfo) {
    return "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "GitLogin[%s%s]"
        .formatted(
            authorization.isPresent() ? "authorization" : "",
            agent.map(path -> " agent " + path).orElse(""));
  }
}
