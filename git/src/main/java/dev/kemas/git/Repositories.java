package dev.kemas.git;

import dev.kemas.address.Reach;
import dev.kemas.fault.Fault;
import dev.kemas.git.GitProgram.Call;
import dev.kemas.git.GitProgram.Failed;
import dev.kemas.linux.Directory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * The repositories that builds have asked for, each kept bare in a folder of its own, so that the
 * next fetch takes only what is new. A commit is fetched alone, without its history, unless the
 * remote gives only what has a name. Who may not read a remote does not get it from here either:
 * each checkout asks the remote first. Safe for several threads; two that want one remote take
 * turns.
 *
 * <p>On disk: {@code <sha256 of the remote>/} with git's own files, {@code remote} and the file
 * {@code used}, whose time is that of the last use; {@code home/}, empty; {@code known_hosts}.
 */
public final class Repositories {
  private final GitProgram git;
  private final Transport transport;
  private final Redirects redirects;
  private final RepositoryShelf shelf;

  /**
   * Keeps repositories there.
   *
   * @param folder of its own; made when missing
   * @throws Fault.Unsupported when there is no git on this host
   */
  public Repositories(Path folder, GitRules rules) {
    Path home = folder.resolve("home");
    try {
      Files.createDirectories(home);
    } catch (IOException e) {
      throw new Fault.Internal("cannot make %s: %s".formatted(home, e.getMessage()), e);
    }
    this.git = new GitProgram(home, rules);
    this.transport = new Transport(rules, folder);
    this.redirects = new Redirects(transport);
    this.shelf = new RepositoryShelf(folder, git);
  }

  /** What is kept, for listings and for the removal of what is old. */
  public RepositoryShelf shelf() {
    return shelf;
  }

  /**
   * The commit that an address means now. A full commit is taken as it is, without a question to
   * the remote.
   *
   * @throws Fault.NotFound when the remote has no such reference
   * @throws Fault.DataLoss when it leads to another commit than the address's checksum says
   * @throws Fault.Forbidden when that remote must not be asked
   * @throws Fault.Unavailable when it cannot be asked
   * @throws Fault.Unauthenticated when it wants a login, or another one
   */
  public Resolved resolve(GitAddress address, GitLogin.Source logins, BooleanSupplier ended) {
    return resolve(address, logins, ended, Reach.LOOPBACK);
  }

  Resolved resolve(GitAddress address, GitLogin.Source logins, BooleanSupplier ended, Reach from) {
    if (address.ref().isCommit()) {
      return checked(new Resolved(address, address.ref().name(), Optional.empty()));
    }
    List<String> arguments = new ArrayList<>(List.of("ls-remote", "--"));
    RemoteRefs refs =
        new RemoteRefs(
            onRemote(
                address,
                logins,
                from,
                remote -> {
                  List<String> all = new ArrayList<>(arguments);
                  all.add(remote);
                  all.addAll(RemoteRefs.patterns(address.ref()));
                  return new Call(all, Map.of(), Map.of(), false, Optional.empty(), ended);
                }));
    return checked(refs.resolve(address));
  }

  private static Resolved checked(Resolved resolved) {
    resolved
        .address()
        .options()
        .checksum()
        .filter(wanted -> !resolved.commit().startsWith(wanted))
        .ifPresent(wanted -> {
          throw new Fault.DataLoss(
              "expected checksum to match %s, got %s".formatted(wanted, resolved.commit()));
        });
    return resolved;
  }

  /** Runs git against a remote, once more where the remote says that it is elsewhere. */
  private String onRemote(
      GitAddress address, GitLogin.Source logins, Reach from, Function<String, Call> call) {
    try {
      return attempt(address, logins, from, call);
    } catch (Failed e) {
      if (address.scheme().startsWith("http") && Redirects.isRedirect(e.said())) {
        GitAddress elsewhere = redirects.follow(address, from);
        try {
          return attempt(elsewhere, logins, from, call);
        } catch (Failed again) {
          throw Complaints.of(elsewhere, again.said());
        }
      }
      throw Complaints.of(address, e.said());
    }
  }

  private String attempt(
      GitAddress address, GitLogin.Source logins, Reach from, Function<String, Call> call)
      throws Failed {
    Transport.Route route = transport.route(address, logins.of(address.host()), from);
    return git.run(call.apply(address.remote()).with(route.variables(), route.settings()));
  }

  /** Where the remote's host is, which what the repository says of other ones is held against. */
  private Reach reach(GitAddress address, Reach from) {
    return transport.route(address, GitLogin.NONE, from).reach();
  }

  /**
   * How to lay a commit down.
   *
   * @param keepGitDirectory whether with its {@code .git}
   * @param submodules whether with its submodules, and theirs
   */
  public record Layout(boolean keepGitDirectory, boolean submodules) {}

  /**
   * Lays a commit's files down in an empty folder: as git has them, owned by this process, with the
   * time of the commit. Nothing in it can lead git to run anything.
   *
   * @return the folder, or the subfolder that the address names
   * @throws Fault.NotFound when the commit or the subfolder is not there
   */
  public Path checkOut(
      Resolved resolved,
      Path folder,
      Layout layout,
      GitLogin.Source logins,
      BooleanSupplier ended) {
    new Checkout(this, git, logins, ended, layout).into(resolved, folder, Reach.LOOPBACK, 0);
    return Checkout.subdirectory(resolved.address(), folder);
  }

  /** Runs work upon the bare repository that has the commit, nobody else's meanwhile. */
  void withCommit(
      Resolved resolved,
      GitLogin.Source logins,
      BooleanSupplier ended,
      Reach from,
      RepositoryWork work) {
    GitAddress address = resolved.address();
    shelf.with(
        address.remote(),
        bare -> {
          fetch(resolved, bare, logins, ended, from);
          try {
            work.work(bare, reach(address, from));
          } catch (Failed e) {
            throw Complaints.of(address, e.said());
          }
        });
  }

  /** What is done with a bare repository. */
  interface RepositoryWork {
    void work(Path bare, Reach reach) throws Failed;
  }

  private void fetch(
      Resolved resolved, Path bare, GitLogin.Source logins, BooleanSupplier ended, Reach from) {
    GitAddress address = resolved.address();
    String commit = resolved.commit();
    if (has(bare, commit)) {
      // what another build has fetched is given only to who may read it
      onRemote(
          address,
          logins,
          from,
          remote ->
              new Call(
                  List.of("ls-remote", "--", remote, "HEAD"),
                  Map.of(),
                  Map.of(),
                  false,
                  Optional.empty(),
                  ended));
      return;
    }
    try {
      onRemote(
          address,
          logins,
          from,
          remote ->
              Call.in(bare, "fetch", "--no-tags", "--depth=1", "--force", "--", remote, commit)
                  .filling(bare, ended));
    } catch (Fault.NotFound e) {
      // a server that gives only what has a name: all of it, with its history
      onRemote(
          address,
          logins,
          from,
          remote -> {
            List<String> all = new ArrayList<>(List.of("fetch", "--no-tags", "--force"));
            if (Files.exists(bare.resolve("shallow"))) {
              all.add("--unshallow");
            }
            all.addAll(List.of("--", remote, "+refs/*:refs/remotes/origin/*"));
            return Call.in(bare, all.toArray(String[]::new)).filling(bare, ended);
          });
    }
    if (!has(bare, commit)) {
      throw new Fault.NotFound(
          "commit", commit, "repository %s has no commit %s".formatted(address.remote(), commit));
    }
  }

  private boolean has(Path bare, String commit) {
    try {
      git.run(Call.in(bare, "cat-file", "-e", commit + "^{commit}"));
      return true;
    } catch (Failed e) {
      return false;
    }
  }

  /** Empties a folder that a checkout has failed in. */
  static void clear(Path folder) {
    try (Directory directory = Directory.open(folder)) {
      directory.list().forEach(entry -> directory.removeTree(entry.name()));
    }
  }

  static String name(String remote) {
    return Transport.sha256(remote.getBytes(StandardCharsets.UTF_8));
  }
}
