package dev.kemas.build.files;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * Room beside a mounted file system, on the disk that its changes lie on: what is laid down there
 * becomes part of it when it is mounted no more. It costs less than through the mount, and may be
 * hard links. Made for one copy of one tree.
 */
public interface Aside {
  /** There is none: all is written through the mount. */
  Aside NOWHERE =
      new Aside() {
        @Override
        public Optional<Path> folder(String directory) {
          return Optional.empty();
        }

        @Override
        public void link(String first, String second) {
          throw new IllegalStateException("nothing lies beside");
        }

        @Override
        public Optional<Instant> latest() {
          return Optional.empty();
        }
      };

  /**
   * A folder for entries that a directory does not have.
   *
   * @param directory its real path in the file system, without a leading slash; it is a changed one
   *     before the file system is unmounted
   */
  Optional<Path> folder(String directory);

  /**
   * Two files are one, of which one lies in such a folder: the second becomes a hard link of the
   * first when all is together.
   *
   * @param first its real path in the file system
   * @param second the same, of a file that is there, too
   */
  void link(String first, String second);

  /** Later times of files will be set back to this: such a file must not be somebody else's. */
  Optional<Instant> latest();
}
