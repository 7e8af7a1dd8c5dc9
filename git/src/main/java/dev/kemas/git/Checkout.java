package dev.kemas.git;

import dev.kemas.address.Reach;
import dev.kemas.fault.Fault;
import dev.kemas.git.GitProgram.Call;
import dev.kemas.git.GitProgram.Failed;
import dev.kemas.git.Repositories.Layout;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.RootDir;
import dev.kemas.linux.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Lays one commit down, with its submodules. One use. */
final class Checkout {
  private static final int DEEPEST = 10;

  private final Repositories repositories;
  private final GitProgram git;
  private final GitLogin.Source logins;
  private final BooleanSupplier ended;
  private final Layout layout;
  private final Submodules submodules;

  Checkout(
      Repositories repositories,
      GitProgram git,
      GitLogin.Source logins,
      BooleanSupplier ended,
      Layout layout) {
    this.repositories = repositories;
    this.git = git;
    this.logins = logins;
    this.ended = ended;
    this.layout = layout;
    this.submodules = new Submodules(git);
  }

  /**
   * Lays it down.
   *
   * @param from where the wish for it came from
   */
  void into(Resolved resolved, Path folder, Reach from, int depth) {
    if (depth > DEEPEST) {
      throw new Fault.InvalidArgument(
          "submodules are nested more than %d deep at %s".formatted(DEEPEST, resolved.address()));
    }
    Found found = new Found();
    repositories.withCommit(
        resolved,
        logins,
        ended,
        from,
        (bare, reach) -> {
          layDown(resolved, bare, folder);
          found.reach = reach;
          if (layout.submodules()) {
            found.modules = submodules.of(bare, resolved);
          }
        });
    for (Map.Entry<String, GitAddress> module : found.modules.entrySet()) {
      Path place = place(folder, module.getKey());
      GitAddress address = module.getValue();
      Resolved there = new Resolved(address, address.ref().name(), Optional.empty());
      into(there, place, found.reach, depth + 1);
    }
  }

  /** What is needed of a repository after its turn. */
  private static final class Found {
    Reach reach = Reach.PUBLIC;
    Map<String, GitAddress> modules = Map.of();
  }

  private void layDown(Resolved resolved, Path bare, Path folder) throws Failed {
    String commit = resolved.commit();
    String work = folder.toString();
    if (layout.keepGitDirectory()) {
      git.run(Call.of("init", "--quiet", "--template=", "--", work));
      git.run(Call.of("-C", work, "remote", "add", "origin", resolved.address().remote()));
      String target = resolved.reference().map(Checkout::tracking).orElse("refs/kemas/commit");
      git.run(
          Call.of(
                  "-C",
                  work,
                  "fetch",
                  "--quiet",
                  "--no-tags",
                  "--depth=1",
                  "--",
                  "file://" + bare,
                  commit + ":" + target)
              .local(true));
      git.run(Call.of("-C", work, "checkout", "--quiet", "--force", "--detach", commit));
      // an index without the inodes and times of this checkout
      git.run(Call.of("-C", work, "read-tree", commit));
      forget(folder);
    } else {
      Map<String, String> index =
          Map.of("GIT_INDEX_FILE", bare.resolve("index-of-checkout").toString());
      git.run(Call.in(bare, "read-tree", commit).with(index, Map.of()));
      git.run(
          // it must be run within the folder
          Call.of(
                  "-C",
                  work,
                  "--git-dir=" + bare,
                  "--work-tree=" + work,
                  "checkout-index",
                  "--all",
                  "--force",
                  "--quiet")
              .with(index, Map.of()));
    }
    String seconds =
        git.run(Call.in(bare, "show", "--no-patch", "--format=%ct", commit, "--")).strip();
    Instant time = Instant.ofEpochSecond(Long.parseLong(seconds));
    try (Directory root = Directory.open(folder)) {
      settle(root, time);
      root.self().times(time, time);
    }
  }

  private static String tracking(String reference) {
    return reference.replaceFirst("^refs/heads/", "refs/remotes/origin/");
  }

  /** What tells of this machine and this moment. */
  private static void forget(Path folder) {
    Path own = folder.resolve(".git");
    try {
      Files.deleteIfExists(own.resolve("FETCH_HEAD"));
      Files.deleteIfExists(own.resolve("ORIG_HEAD"));
      Files.deleteIfExists(own.resolve("description"));
      if (Files.isDirectory(own.resolve("logs"))) {
        try (Directory directory = Directory.open(own)) {
          directory.removeTree("logs");
        }
      }
    } catch (IOException e) {
      throw new Fault.Internal("cannot write %s: %s".formatted(own, e.getMessage()), e);
    }
  }

  private static void settle(Directory directory, Instant time) {
    for (Directory.Entry entry : directory.list()) {
      if (entry.type() == FileType.DIRECTORY) {
        try (Directory child = directory.openDirectory(entry.name())) {
          settle(child, time);
        }
      }
      directory.times(entry.name(), time, time);
    }
  }

  /** The folder of a submodule: made by git, empty, and no link to elsewhere. */
  private static Path place(Path folder, String path) {
    try (RootDir root = RootDir.open(folder)) {
      Path place = folder;
      String so = "";
      for (String part : path.split("/", -1)) {
        so = so.isEmpty() ? part : so + "/" + part;
        RootDir.Place at = root.at(so);
        Optional<Stat> stat = at.directory().stat(part);
        if (stat.isEmpty()) {
          at.directory().mkdir(part, 0755);
        } else if (stat.get().type() != FileType.DIRECTORY) {
          throw new Fault.InvalidArgument(
              "the submodule's folder \"%s\" is no folder".formatted(path));
        }
        place = place.resolve(part);
      }
      return place;
    }
  }

  /** The subfolder of an address beneath what was laid down; links do not lead out. */
  static Path subdirectory(GitAddress address, Path folder) {
    Path place = folder;
    if (address.subdirectory().isEmpty()) {
      return place;
    }
    try (Directory root = Directory.open(folder)) {
      Directory at = root;
      for (String part : address.subdirectory().split("/", -1)) {
        Optional<Stat> stat = at.stat(part);
        if (stat.isEmpty() || stat.get().type() != FileType.DIRECTORY) {
          throw new Fault.NotFound(
              "folder",
              address.subdirectory(),
              "subdir: %s has no folder \"%s\"".formatted(address, address.subdirectory()));
        }
        Directory next = at.openDirectory(part);
        if (at != root) {
          at.close();
        }
        at = next;
        place = place.resolve(part);
      }
      if (at != root) {
        at.close();
      }
    }
    return place;
  }
}
