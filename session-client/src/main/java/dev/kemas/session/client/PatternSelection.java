package dev.kemas.session.client;

import dev.kemas.dockerfile.Glob;
import dev.kemas.dockerfile.IgnoreFile;
import dev.kemas.file.transfer.FolderSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What patterns choose of a folder, as BuildKit's clients read them. */
final class PatternSelection implements FolderSource.Selection {
  private final boolean all;
  private final List<String> patterns;
  private final IgnoreFile included;
  private final IgnoreFile excluded;

  private PatternSelection(List<String> include, List<String> exclude) {
    this.all = include.isEmpty();
    this.patterns = include;
    this.included = IgnoreFile.of(include);
    this.excluded = IgnoreFile.of(exclude);
  }

  /**
   * @param include what is chosen; all when there is neither this nor {@code follow}
   * @param exclude what is not, as in {@code .dockerignore}
   * @param follow what is chosen with all that its symbolic links lead to
   * @throws dev.kemas.fault.Fault.InvalidArgument for a malformed pattern
   */
  static FolderSource.Selection of(
      Path folder, List<String> include, List<String> exclude, List<String> follow) {
    List<String> chosen = new ArrayList<>(include);
    if (!follow.isEmpty()) {
      List<String> followed = FollowedPaths.of(folder, follow);
      if (followed.contains("")) {
        chosen.clear();
      } else {
        chosen.addAll(followed);
      }
    }
    return new PatternSelection(chosen, exclude);
  }

  @Override
  public boolean takes(String path) {
    return (all || included.ignores(path)) && !excluded.ignores(path);
  }

  @Override
  public boolean enters(String directory) {
    return (all || included.ignores(directory) || mayMatchIn(directory))
        && !excluded.ignoresAllIn(directory);
  }

  private boolean mayMatchIn(String directory) {
    String inside = directory + "/";
    return patterns.stream()
        .map(PatternSelection::clean)
        .anyMatch(pattern -> {
          String literal = literal(pattern);
          return literal.startsWith(inside)
              || (literal.length() < pattern.length() && inside.startsWith(literal));
        });
  }

  private static String clean(String pattern) {
    return pattern.strip().replaceFirst("^!", "").replaceFirst("^(\\.?/)+", "");
  }

  /** What stands before the first wildcard. */
  private static String literal(String pattern) {
    int end = 0;
    while (end < pattern.length() && !Glob.hasWildcard(pattern.substring(end, end + 1))) {
      end++;
    }
    return pattern.substring(0, end);
  }
}
