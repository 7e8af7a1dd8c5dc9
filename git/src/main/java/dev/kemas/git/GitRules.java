package dev.kemas.git;

import java.time.Duration;
import java.util.Map;

/**
 * What git may do.
 *
 * @param localFiles whether {@code file://} is a repository: for tests
 * @param linkLocal whether hosts of 169.254.0.0/16 and fe80::/10 are asked, where clouds keep their
 *     metadata
 * @param mostTime for one fetch
 * @param mostBytes of one repository
 * @param proxies variables like {@code HTTPS_PROXY}, as git takes them
 */
public record GitRules(
    boolean localFiles,
    boolean linkLocal,
    Duration mostTime,
    long mostBytes,
    Map<String, String> proxies) {

  /** No files, no metadata services, ten minutes, 8 GiB, no proxy. */
  public static final GitRules DEFAULT =
      new GitRules(false, false, Duration.ofMinutes(10), 8L << 30, Map.of());

  public GitRules {
    proxies = Map.copyOf(proxies);
  }
}
