package dev.kemas.build;

import dev.kemas.dockerfile.GitAddress;
import dev.kemas.fault.Fault;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The contexts behind addresses that one client's build uses, each fetched once. To be closed when
 * the build is over: their files are removed then. Safe for several threads.
 */
public final class RemoteContexts implements AutoCloseable {
  private final BuildServices services;
  private final BuildRequest.Access access;
  private final Cancellation cancelled;
  private final Map<String, RemoteContext> known = new ConcurrentHashMap<>();
  private Optional<Downloads> downloads = Optional.empty();

  RemoteContexts(BuildServices services, BuildRequest.Access access, Cancellation cancelled) {
    this.services = services;
    this.access = access;
    this.cancelled = cancelled;
  }

  /**
   * How a context is made of what is behind its address.
   *
   * @param dockerfile how the build calls its Dockerfile, which a file that is no archive is taken
   *     for
   * @param keepGitDirectory whether a repository comes with its {@code .git}, where the address
   *     does not say
   */
  public record Form(String dockerfile, boolean keepGitDirectory) {
    /** Of a further context. */
    public static final Form FURTHER = new Form("Dockerfile", false);
  }

  /**
   * A context, of which nothing is fetched yet: a repository as {@code docker build} names it, or
   * an archive or a Dockerfile by http or https.
   *
   * @return empty for what is no such address
   * @throws Fault.InvalidArgument when it is one and is malformed
   */
  public Optional<Context> find(String address, Form form) {
    Optional<GitAddress> git = GitAddress.ofContext(address);
    boolean web = address.startsWith("http://") || address.startsWith("https://");
    if (git.isEmpty() && !web) {
      return Optional.empty();
    }
    return Optional.of(
        known.computeIfAbsent(
            form + " " + address,
            _ ->
                git.<RemoteContext>map(found -> git(address, found, form))
                    .orElseGet(() -> web(address, form))));
  }

  private GitContext git(String text, GitAddress address, Form form) {
    GitAddress wanted =
        new GitAddress(
            address.remote(),
            address.ref(),
            address.subdir(),
            address.checksum(),
            address.keepGitDir().or(() -> Optional.of(form.keepGitDirectory())),
            address.submodules());
    return new GitContext(text, wanted, downloads(), cancelled);
  }

  private WebContext web(String address, Form form) {
    return new WebContext(address, form.dockerfile(), downloads(), services.archives(), cancelled);
  }

  private synchronized Downloads downloads() {
    Downloads open =
        downloads.orElseGet(() -> new Downloads(services.steps(), access, services.scratch()));
    downloads = Optional.of(open);
    return open;
  }

  @Override
  public synchronized void close() {
    downloads.ifPresent(Downloads::close);
    downloads = Optional.empty();
    known.clear();
  }
}
