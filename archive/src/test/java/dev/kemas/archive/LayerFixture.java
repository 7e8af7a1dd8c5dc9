package dev.kemas.archive;

import dev.kemas.linux.Directory;
import dev.kemas.linux.Stat;
import dev.kemas.snapshot.LayerTarget;
import dev.kemas.snapshot.WhiteoutFormat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A folder to lay layers down in, and one beside it that nothing may touch. */
abstract class LayerFixture {
  @TempDir Path temp;
  Path root;
  Path outside;

  @BeforeEach
  void folders() throws IOException {
    root = Files.createDirectory(temp.resolve("root"));
    outside = Files.createDirectory(temp.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "untouched");
  }

  AppliedLayer apply(byte[] layer, WhiteoutFormat format) {
    try {
      return new LayerApplier(Limits.none())
          .apply(new ByteArrayInputStream(layer), new LayerTarget(root, format));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  AppliedLayer apply(byte[] layer) {
    return apply(layer, WhiteoutFormat.OVERLAY);
  }

  Stat stat(String path) {
    Path file = root.resolve(path);
    try (Directory in = Directory.open(file.getParent())) {
      return in.stat(file.getFileName().toString()).orElseThrow();
    }
  }
}
