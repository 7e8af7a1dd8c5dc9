package dev.kemas.build;

import dev.kemas.dockerfile.GitAddress;
import dev.kemas.git.GitLogin;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a build's client lends for repositories: the secrets {@code GIT_AUTH_HEADER} and {@code
 * GIT_AUTH_TOKEN}, with {@code .<host>} behind for one host alone, and its ssh agent. Without a
 * host they are for the host of the address itself, not for those of its submodules.
 */
final class GitAccess implements GitLogin.Source, AutoCloseable {
  private final BuildRequest.Access access;
  private final String host;
  private final Path folder;
  private final List<SshAgents.Forwarded> forwarded = new ArrayList<>();
  private Optional<Path> agent = Optional.empty();
  private boolean askedForAgent;

  /**
   * @param remote the address that it is for
   * @param folder where the agent's socket is made
   */
  GitAccess(BuildRequest.Access access, String remote, Path folder) {
    this.access = access;
    this.host = dev.kemas.git.GitAddress.parse(remote).host();
    this.folder = folder;
  }

  /** An address of the Dockerfile's as git takes it. */
  static dev.kemas.git.GitAddress address(GitAddress address) {
    List<String> query = new ArrayList<>();
    address.ref().ifPresent(ref -> query.add("ref=" + encoded(ref)));
    if (!address.subdir().isEmpty()) {
      query.add("subdir=" + encoded(address.subdir()));
    }
    address.checksum().ifPresent(sum -> query.add("checksum=" + encoded(sum)));
    String remote = address.remote();
    return dev.kemas.git.GitAddress.parse(
        query.isEmpty() ? remote : remote + "?" + String.join("&", query));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public GitLogin of(String asked) {
    Optional<String> header =
        secret("GIT_AUTH_HEADER." + asked)
            .or(() -> secret("GIT_AUTH_TOKEN." + asked).map(GitLogin::ofToken));
    if (header.isEmpty() && asked.toLowerCase(Locale.ROOT).equals(host)) {
      header = secret("GIT_AUTH_HEADER").or(() -> secret("GIT_AUTH_TOKEN").map(GitLogin::ofToken));
    }
    return new GitLogin(header, agent(), Optional.empty());
  }

  private Optional<String> secret(String id) {
    return access
        .secrets()
        .find(id)
        .map(value -> new String(value, StandardCharsets.UTF_8).strip())
        .filter(value -> !value.isEmpty());
  }

  private synchronized Optional<Path> agent() {
    if (!askedForAgent) {
      askedForAgent = true;
      Path socket = folder.resolve("agent");
      Optional<SshAgents.Forwarded> answering = access.agents().forward("default", socket);
      answering.ifPresent(forwarded::add);
      agent = answering.map(found -> socket);
    }
    return agent;
  }

  @Override
  public synchronized void close() {
    forwarded.forEach(SshAgents.Forwarded::close);
    forwarded.clear();
  }
}
