package dev.kemas.guard;

import dev.kemas.dockerfile.IgnoreFile;
import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.function.Consumer;

/** A context that lies in a folder. Links are not followed; ignored folders are not entered. */
public final class ContextFolder implements ContextFacts {
  private static final int TEXT_LIMIT = 1 << 20;

  private final Path root;
  private final IgnoreFile ignore;

  /**
   * @param ignore what of it a build leaves out
   */
  public ContextFolder(Path root, IgnoreFile ignore) {
    this.root = root;
    this.ignore = ignore;
  }

  /**
   * The folder with its own {@code .dockerignore}.
   *
   * @throws Fault.InvalidArgument on a malformed pattern in it
   * @throws Fault.Unavailable when it cannot be read
   */
  public static ContextFolder of(Path root) {
    Path file = root.resolve(".dockerignore");
    if (!Files.isRegularFile(file)) {
      return new ContextFolder(root, IgnoreFile.NONE);
    }
    try {
      return new ContextFolder(root, IgnoreFile.parse(Files.readString(file)));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  @Override
  public void files(Consumer<ContextFile> each) {
    try {
      Files.walkFileTree(root, new Walk(each));
    } catch (IOException e) {
      throw unreadable(root, e);
    }
  }

  @Override
  public byte[] head(String path, int most) {
    Path file = root.resolve(path);
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return in.readNBytes(most);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  @Override
  public Optional<String> text(String path) {
    Path file = root.resolve(path).normalize();
    if (!file.startsWith(root.normalize())
        || ignore.ignores(path)
        || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    byte[] bytes = head(path, TEXT_LIMIT + 1);
    return bytes.length > TEXT_LIMIT
        ? Optional.empty()
        : Optional.of(new String(bytes, StandardCharsets.UTF_8));
  }

  private static Fault.Unavailable unreadable(Path path, IOException cause) {
    return new Fault.Unavailable(
        "cannot read %s of the build's context: %s".formatted(path, cause), cause);
  }

  private final class Walk extends SimpleFileVisitor<Path> {
    private final Consumer<ContextFile> each;
    private final int prefix;

    Walk(Consumer<ContextFile> each) {
      this.each = each;
      String whole = root.toString();
      this.prefix = whole.endsWith("/") ? whole.length() : whole.length() + 1;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      String name = name(folder);
      return !name.isEmpty() && ignore.ignoresAllIn(name)
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      String name = name(file);
      if (attributes.isRegularFile() && !ignore.ignores(name)) {
        each.accept(new ContextFile(name, attributes.size()));
      }
      return FileVisitResult.CONTINUE;
    }

    private String name(Path path) {
      String whole = path.toString();
      return whole.length() > prefix ? whole.substring(prefix) : "";
    }
  }
}
