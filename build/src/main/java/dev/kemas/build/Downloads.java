package dev.kemas.build;

import dev.kemas.dockerfile.GitAddress;
import dev.kemas.fault.Fault;
import dev.kemas.git.Repositories;
import dev.kemas.git.Resolved;
import dev.kemas.linux.Directory;
import dev.kemas.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What ADD and contexts name by address, each address asked for once in a build, so that all its
 * steps see the same. Safe for several threads.
 */
final class Downloads implements AutoCloseable {
  private final StepParts parts;
  private final BuildRequest.Access access;
  private final Path folder;
  private final Map<String, WebFiles.Fetched> files = new ConcurrentHashMap<>();
  private final Map<String, Digest> seen = new ConcurrentHashMap<>();
  private final Map<String, Resolved> commits = new ConcurrentHashMap<>();
  private final Map<String, Path> checkouts = new ConcurrentHashMap<>();

  /**
   * Nothing is fetched yet.
   *
   * @param scratch where a folder of this build's own is made
   */
  Downloads(StepParts parts, BuildRequest.Access access, Path scratch) {
    this.parts = parts;
    this.access = access;
    try {
      Files.createDirectories(scratch);
      this.folder = Files.createTempDirectory(scratch, "build-");
    } catch (IOException e) {
      throw new Fault.Internal("cannot use %s: %s".formatted(scratch, e.getMessage()), e);
    }
  }

  /** Removes what downloads of a process that is no more have left. */
  static void collect(Path scratch) {
    if (Files.isDirectory(scratch)) {
      try (Directory directory = Directory.open(scratch)) {
        directory.list().forEach(entry -> directory.removeTree(entry.name()));
      }
    }
  }

  /**
   * The file behind an address.
   *
   * @param checksum what it must hash to, as {@code sha256:…}; faults as {@link WebFiles#fetch}
   */
  WebFiles.Fetched fetch(String address, Optional<String> checksum, Cancellation cancelled) {
    return fetch(address, checksum, WebFiles.Meter.NONE, cancelled);
  }

  /** The same, telling how far it is. */
  WebFiles.Fetched fetch(
      String address, Optional<String> checksum, WebFiles.Meter meter, Cancellation cancelled) {
    Optional<Digest> wanted = checksum.map(Digest::parse);
    WebFiles.Fetched found = files.get(address + wanted);
    if (found == null) {
      found = parts.web().fetch(address, wanted, folder.resolve("web"), meter, cancelled);
      files.put(address + wanted, found);
    }
    seen.put(address, found.digest());
    return found;
  }

  /** The commit that an address means in this build. */
  Resolved resolve(GitAddress address, Cancellation cancelled) {
    Resolved found = commits.get(address.toString());
    if (found == null) {
      try (GitAccess login = login(address)) {
        found = parts.git().resolve(GitAccess.address(address), login, cancelled::isCancelled);
      }
      commits.put(address.toString(), found);
    }
    return found;
  }

  /** What addresses meant up to now. */
  Export.Fetched fetched() {
    Map<String, String> names = new HashMap<>();
    commits.forEach((address, resolved) -> names.put(address, resolved.commit()));
    return new Export.Fetched(seen, names);
  }

  /** A folder with the files of the commit that an address means; not to be changed. */
  Path checkOut(GitAddress address, Cancellation cancelled) {
    synchronized (checkouts) {
      Path found = checkouts.get(address.toString());
      if (found == null) {
        Resolved resolved = resolve(address, cancelled);
        try (GitAccess login = login(address)) {
          Path place =
              Files.createDirectories(folder.resolve("git").resolve("c" + checkouts.size()));
          found =
              parts
                  .git()
                  .checkOut(
                      resolved,
                      place,
                      new Repositories.Layout(
                          address.keepGitDir().orElse(false), address.submodules().orElse(true)),
                      login,
                      cancelled::isCancelled);
        } catch (IOException e) {
          throw new Fault.Internal("cannot use %s: %s".formatted(folder, e.getMessage()), e);
        }
        checkouts.put(address.toString(), found);
      }
      return found;
    }
  }

  /** A new folder, which goes with the others. */
  Path makeFolder() {
    try {
      return Files.createTempDirectory(folder, "context-");
    } catch (IOException e) {
      throw new Fault.Internal("cannot use %s: %s".formatted(folder, e.getMessage()), e);
    }
  }

  private GitAccess login(GitAddress address) {
    return new GitAccess(access, address.remote(), folder);
  }

  @Override
  public void close() {
    Path parent = folder.getParent();
    if (parent != null) {
      try (Directory scratch = Directory.open(parent)) {
        scratch.removeTree(String.valueOf(folder.getFileName()));
      }
    }
  }
}
