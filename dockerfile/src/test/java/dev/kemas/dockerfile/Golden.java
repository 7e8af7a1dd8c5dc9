package dev.kemas.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Folders of cases: one folder a case, the file {@code expected} is what must come out. Run with
 * {@code -Dgolden.update=true} to write it anew, then read the difference.
 */
final class Golden {
  private Golden() {}

  static List<Path> cases(String group) {
    try (Stream<Path> folders = Files.list(Path.of("src/test/resources", group))) {
      return folders.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String read(Path folder, String file) {
    try {
      return Files.readString(folder.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void check(Path folder, String actual) {
    try {
      Path expected = folder.resolve("expected");
      if (Boolean.getBoolean("golden.update")) {
        Files.writeString(expected, actual);
      }
      assertThat(actual).as(folder.getFileName().toString()).isEqualTo(Files.readString(expected));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
