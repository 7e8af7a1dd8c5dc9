package dev.kemas.build;

import dev.kemas.build.files.FileDigests;
import dev.kemas.build.files.Selected;
import dev.kemas.build.files.SourceTree;
import dev.kemas.dockerfile.Dockerfile;
import dev.kemas.dockerfile.IgnoreFile;
import dev.kemas.fault.Fault;
import dev.kemas.linux.OpenFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A build context: its Dockerfile, its ignore rules, its files. Safe for several threads. */
final class ContextFiles {
  private static final int MOST_TEXT = 16 << 20;

  private final Path root;
  private final IgnoreFile ignored;
  private final Dockerfile dockerfile;
  private final FileDigests digests = new FileDigests();

  private ContextFiles(Path root, IgnoreFile ignored, Dockerfile dockerfile) {
    this.root = root;
    this.ignored = ignored;
    this.dockerfile = dockerfile;
  }

  /**
   * Reads Dockerfile and ignore rules. The Dockerfile itself may be ignored.
   *
   * @throws Fault.InvalidArgument in Docker's words when it is not there, outside, or malformed
   */
  static ContextFiles open(Path root, String dockerfile) {
    try (SourceTree tree = SourceTree.context(root, IgnoreFile.NONE)) {
      String path = inside(dockerfile);
      Optional<String> text = read(tree, path);
      if (text.isEmpty() && path.equals("Dockerfile")) {
        text = read(tree, path.toLowerCase(Locale.ROOT));
      }
      String found =
          text.orElseThrow(() ->
              new Fault.InvalidArgument(
                  "Cannot locate specified Dockerfile: %s".formatted(dockerfile)));
      Optional<String> rules =
          read(tree, path + ".dockerignore").or(() -> read(tree, ".dockerignore"));
      return new ContextFiles(
          root,
          rules.map(IgnoreFile::parse).orElse(IgnoreFile.NONE),
          Dockerfile.parse(path, found));
    }
  }

  private static String inside(String path) {
    Path clean = Path.of("/").relativize(Path.of("/").resolve(path).normalize());
    if (Path.of(path.replaceFirst("^/+", "")).normalize().startsWith("..")) {
      throw new Fault.InvalidArgument("Forbidden path outside the build context: " + path);
    }
    return clean.toString();
  }

  private static Optional<String> read(SourceTree tree, String path) {
    List<Selected> found;
    try {
      found = tree.select(path.replaceAll("([*?\\[\\\\])", "\\\\$1"));
    } catch (Fault.NotFound e) {
      return Optional.empty();
    }
    if (found.getFirst().directory()) {
      return Optional.empty();
    }
    try (OpenFile file = tree.open(found.getFirst())) {
      long size = file.stat().size();
      if (size > MOST_TEXT) {
        throw new Fault.InvalidArgument(
            "%s has %d bytes, more than the %d allowed".formatted(path, size, MOST_TEXT));
      }
      ByteBuffer buffer = ByteBuffer.allocate((int) size);
      while (buffer.hasRemaining() && file.read(buffer) >= 0) {
        // to the end
      }
      return Optional.of(new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8));
    }
  }

  Dockerfile dockerfile() {
    return dockerfile;
  }

  /** Opens the context to copy from; the caller closes it. */
  SourceTree tree() {
    return SourceTree.context(root, ignored);
  }

  /** What is known of the files' content. */
  FileDigests digests() {
    return digests;
  }
}
