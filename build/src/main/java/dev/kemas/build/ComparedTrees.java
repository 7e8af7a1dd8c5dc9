package dev.kemas.build;

import dev.kemas.guard.LayerFiles;
import dev.kemas.guard.LayerFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** The files of a whole tree that the tree below it does not have, or has otherwise. */
final class ComparedTrees implements LayerFiles {
  private final Path lower;
  private final Path upper;

  ComparedTrees(Path lower, Path upper) {
    this.lower = lower;
    this.upper = upper;
  }

  @Override
  public void walk(Visitor visitor) throws IOException {
    new LayerFolder(upper)
        .walk((path, bytes, content) -> {
          if (!isBelow(path.substring(1))) {
            visitor.file(path, bytes, content);
          }
        });
  }

  private boolean isBelow(String path) throws IOException {
    Path old = lower.resolve(path);
    if (!Files.isRegularFile(old, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    BasicFileAttributes before = attributes(old);
    BasicFileAttributes after = attributes(upper.resolve(path));
    return before.size() == after.size()
        && before.lastModifiedTime().equals(after.lastModifiedTime());
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }
}
