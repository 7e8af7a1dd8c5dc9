package dev.kemas.guard;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;

/** A layer that lies unpacked in a folder, as a snapshot keeps it. Links are not followed. */
public final class LayerFolder implements LayerFiles {
  private final Path root;

  public LayerFolder(Path root) {
    this.root = root;
  }

  @Override
  public void walk(Visitor visitor) throws IOException {
    Set<Object> linked = new HashSet<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile() && isFirstName(file, attributes)) {
              visitor.file(
                  "/" + root.relativize(file),
                  attributes.size(),
                  () -> Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS));
            }
            return FileVisitResult.CONTINUE;
          }

          private boolean isFirstName(Path file, BasicFileAttributes attributes)
              throws IOException {
            Object links = Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
            Object key = attributes.fileKey();
            return key == null || links.equals(1) || linked.add(key);
          }
        });
  }
}
