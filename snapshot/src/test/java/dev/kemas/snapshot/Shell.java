package dev.kemas.snapshot;

import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Real tools, to judge by. */
final class Shell {
  private Shell() {}

  /** Runs a script in a folder; its output. Fails loudly when the script does. */
  static String sh(Path folder, String script) {
    try {
      Process process =
          new ProcessBuilder(List.of("bash", "-euo", "pipefail", "-c", script))
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError(script + " failed: " + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /**
   * A tree as text: type, mode, owner, links, size, time, what a link says, device numbers,
   * content, extended attributes.
   */
  static String describe(Path root) {
    return sh(
            root,
            "find . \\( -type d -printf '%p %y %m %U:%G\\n' \\)"
                + " -o -printf '%p %y %m %U:%G %n %s %T@ %l\\n' | LC_ALL=C sort;"
                + " find . \\( -type b -o -type c \\) -exec stat -c '%n %t:%T' {} + | LC_ALL=C sort;"
                + " find . -type f -print0 | LC_ALL=C sort -z | xargs -0 -r sha256sum")
        + xattrs(root);
  }

  private static String xattrs(Path root) {
    StringBuilder all = new StringBuilder();
    try (Directory directory = Directory.open(root)) {
      xattrs(directory, "", all);
    }
    return all.toString();
  }

  private static void xattrs(Directory directory, String path, StringBuilder all) {
    directory.list().stream()
        .sorted(Comparator.comparing(Directory.Entry::name))
        .forEach(entry -> {
          directory
              .xattrs(entry.name())
              .forEach((key, value) ->
                  all.append(path + entry.name() + " " + key + "=")
                      .append(HexFormat.of().formatHex(value) + "\n"));
          if (entry.type() == FileType.DIRECTORY) {
            try (Directory below = directory.openDirectory(entry.name())) {
              xattrs(below, path + entry.name() + "/", all);
            }
          }
        });
  }
}
