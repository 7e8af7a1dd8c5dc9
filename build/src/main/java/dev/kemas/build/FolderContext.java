package dev.kemas.build;

import dev.kemas.build.files.FileDigests;
import dev.kemas.build.files.Selected;
import dev.kemas.build.files.SourceTree;
import dev.kemas.dockerfile.IgnoreFile;
import dev.kemas.fault.Fault;
import dev.kemas.linux.OpenFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** A {@link Context} that is here. */
final class FolderContext implements Context {
  private static final int MOST_TEXT = 16 << 20;

  private final Path root;
  private final FileDigests digests = new FileDigests();

  private final boolean lent;

  FolderContext(Path root, boolean lent) {
    this.root = root;
    this.lent = lent;
  }

  @Override
  public Optional<String> text(String path) {
    try (SourceTree tree = SourceTree.context(root, IgnoreFile.NONE)) {
      Optional<Selected> found = find(tree, inside(path));
      if (found.isEmpty() || found.get().directory()) {
        return Optional.empty();
      }
      try (OpenFile file = tree.open(found.get())) {
        return Optional.of(read(file, path));
      }
    }
  }

  private static Optional<Selected> find(SourceTree tree, String path) {
    try {
      return Optional.of(tree.select(path.replaceAll("([*?\\[\\\\])", "\\\\$1")).getFirst());
    } catch (Fault.NotFound e) {
      return Optional.empty();
    }
  }

  private static String read(OpenFile file, String path) {
    long size = file.stat().size();
    if (size > MOST_TEXT) {
      throw new Fault.InvalidArgument(
          "%s has %d bytes, more than the %d allowed".formatted(path, size, MOST_TEXT));
    }
    ByteBuffer buffer = ByteBuffer.allocate((int) size);
    while (buffer.hasRemaining() && file.read(buffer) >= 0) {
      // to the end
    }
    return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
  }

  private static String inside(String path) {
    Path clean = Path.of("/").relativize(Path.of("/").resolve(path).normalize());
    if (Path.of(path.replaceFirst("^/+", "")).normalize().startsWith("..")) {
      throw new Fault.InvalidArgument("Forbidden path outside the build context: " + path);
    }
    return clean.toString();
  }

  @Override
  public Files files(Wanted wanted, Cancellation cancelled) {
    return new Files(root, digests, lent);
  }

  @Override
  public String toString() {
    return root.toString();
  }
}
