package dev.kemas.build;

import dev.kemas.build.files.FileDigests;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Files that a build takes from its client, wherever they are: a folder of this machine, or the
 * other end of a connection, from where they come when they are asked for. Safe for several
 * threads. Who made it closes what it holds, after the build.
 */
public interface Context {

  /**
   * One small file: the Dockerfile, ignore rules. Asked for before anything else.
   *
   * @param path relative to the context, with slashes
   * @return empty when there is none or it is a folder
   * @throws dev.kemas.fault.Fault.InvalidArgument when it leads out of the context or is larger
   *     than any text of this kind
   */
  Optional<String> text(String path);

  /**
   * The files themselves, ready to be read until the build ends. A second call with the same
   * arguments gives the same files, whatever the client changes meanwhile.
   *
   * @throws dev.kemas.fault.Fault.Unavailable when the client went away
   * @throws dev.kemas.fault.Fault.Cancelled when the build is over
   */
  Files files(Wanted wanted, Cancellation cancelled);

  /**
   * Which files.
   *
   * @param paths what is needed, paths or wildcard patterns relative to the context; empty for all.
   *     More than these may come
   * @param excludes rules as in {@code .dockerignore}: what they leave out need not come
   */
  record Wanted(List<String> paths, List<String> excludes) {
    public Wanted {
      paths = List.copyOf(paths);
      excludes = List.copyOf(excludes);
    }
  }

  /**
   * Files to read.
   *
   * @param root the folder they lie in
   * @param digests what is known of their content
   * @param lent whether no file in it is ever changed in place, so that a copy may be a hard link
   */
  record Files(Path root, FileDigests digests, boolean lent) {}

  /** A folder of this machine; it is only read. */
  static Context folder(Path root) {
    return new FolderContext(root, false);
  }

  /** A folder that was made for this build: no file in it is changed any more. */
  static Context ownFolder(Path root) {
    return new FolderContext(root, true);
  }
}
