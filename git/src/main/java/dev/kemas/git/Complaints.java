package dev.kemas.git;

import dev.kemas.fault.Fault;
import java.util.List;
import java.util.Locale;

/** git's complaints as faults; nothing secret is in them, since git is given no secret to print. */
final class Complaints {
  private static final int MOST = 1000;
  private static final List<String> LOGIN =
      List.of(
          "could not read username",
          "could not read password",
          "authentication failed",
          "permission denied",
          "returned error: 401",
          "returned error: 403",
          "host key verification failed");
  private static final List<String> MISSING =
      List.of(
          "not our ref",
          "couldn't find remote ref",
          "unadvertised object",
          "not a tree object",
          "repository not found",
          "returned error: 404",
          "not found",
          "does not appear to be a git repository");

  private Complaints() {}

  static Fault of(GitAddress address, String said) {
    String lower = said.toLowerCase(Locale.ROOT);
    String text = said.length() > MOST ? said.substring(0, MOST) + " ..." : said;
    String message = "failed to fetch %s: git says: %s".formatted(address, text);
    if (LOGIN.stream().anyMatch(lower::contains)) {
      return new Fault.Unauthenticated(
          message
              + (address.scheme().equals("ssh")
                  ? "; give the build an ssh agent that has the key (--ssh default)"
                  : "; give the build a secret GIT_AUTH_TOKEN or GIT_AUTH_HEADER"));
    }
    if (MISSING.stream().anyMatch(lower::contains)) {
      return new Fault.NotFound("repository", address.remote(), message);
    }
    return new Fault.Unavailable(message);
  }
}
