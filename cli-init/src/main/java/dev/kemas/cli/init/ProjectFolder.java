package dev.kemas.cli.init;

import dev.kemas.cli.command.Exit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The folder of a project, as far as one must look to know what it is. Links are not followed. */
final class ProjectFolder {
  private static final int DEPTH = 12;
  private static final int MOST_FILES = 5000;
  private static final long MOST_TEXT = 1 << 20;
  private static final Set<String> NOT_SOURCES =
      Set.of(
          "node_modules",
          "venv",
          "env",
          "site-packages",
          "__pycache__",
          "target",
          "build",
          "dist",
          "test",
          "tests");

  private final Path root;
  private final List<String> files = new ArrayList<>();

  private ProjectFolder(Path root) {
    this.root = root;
  }

  static ProjectFolder of(Path root) {
    ProjectFolder folder = new ProjectFolder(root);
    try {
      Files.walkFileTree(root, Set.of(), DEPTH, folder.new Walk());
    } catch (IOException e) {
      throw new Exit(1, "kemas: cannot read " + root + ": " + e, e);
    }
    folder.files.sort(null);
    return folder;
  }

  /** A name for the image: the folder's, in the letters that references allow. */
  String name() {
    Path name = root.toAbsolutePath().normalize().getFileName();
    String text = name == null ? "" : name.toString().toLowerCase(Locale.ROOT);
    String clean = text.replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
    return clean.isEmpty() ? "app" : clean;
  }

  boolean has(String path) {
    return Files.exists(root.resolve(path));
  }

  boolean hasFolder(String path) {
    return Files.isDirectory(root.resolve(path));
  }

  /** The text of a small file; empty where there is none. */
  Optional<String> text(String path) {
    Path file = root.resolve(path);
    try {
      return Files.isRegularFile(file) && Files.size(file) <= MOST_TEXT
          ? Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))
          : Optional.empty();
    } catch (IOException e) {
      throw new Exit(1, "kemas: cannot read " + file + ": " + e, e);
    }
  }

  /** Source files of that ending, those nearest to the root first. */
  List<String> sources(String ending) {
    return files.stream()
        .filter(f -> f.endsWith(ending))
        .sorted(
            Comparator.comparingLong((String f) -> f.chars().filter(c -> c == '/').count())
                .thenComparing(f -> f))
        .toList();
  }

  /** The first group of the first match in a file. */
  Optional<String> find(String path, String regex) {
    return text(path).flatMap(text -> first(text, regex));
  }

  static Optional<String> first(String text, String regex) {
    Matcher matcher = Pattern.compile(regex, Pattern.MULTILINE).matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private final class Walk extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      String name = String.valueOf(folder.getFileName());
      boolean skipped = name.startsWith(".") || NOT_SOURCES.contains(name);
      return !folder.equals(root) && skipped
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isRegularFile()) {
        files.add(root.relativize(file).toString());
      }
      return files.size() < MOST_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      return FileVisitResult.CONTINUE; // what may not be read says nothing about the project
    }
  }
}
