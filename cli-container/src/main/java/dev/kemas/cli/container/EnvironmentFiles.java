package dev.kemas.cli.container;

import dev.kemas.cli.command.Session;
import dev.kemas.flag.UsageError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code --env}, {@code --env-file} and the like: lines of files first, then the options. */
final class EnvironmentFiles {
  private EnvironmentFiles() {}

  /** The words as they are; of files, lines that are neither empty nor comments. */
  static List<String> merged(Session session, List<String> files, List<String> words) {
    List<String> all = new ArrayList<>();
    for (String file : files) {
      for (String line : lines(file)) {
        String text = line.stripLeading();
        if (text.isEmpty() || text.startsWith("#")) {
          continue;
        }
        int equal = text.indexOf('=');
        String name = equal < 0 ? text : text.substring(0, equal);
        if (name.isEmpty() || name.indexOf(' ') >= 0 || name.indexOf('\t') >= 0) {
          throw new UsageError(
              "invalid env file (" + file + "): variable '" + name + "' contains whitespaces");
        }
        all.add(text);
      }
    }
    all.addAll(words);
    return all;
  }

  /** As {@link #merged}; a name without a value gets the one it has here, or is left out. */
  static List<String> resolved(Session session, List<String> files, List<String> words) {
    List<String> all = new ArrayList<>();
    for (String word : merged(session, files, words)) {
      if (word.isEmpty() || word.startsWith("=")) {
        throw new UsageError("invalid environment variable: " + word);
      }
      if (word.indexOf('=') >= 0) {
        all.add(word);
      } else if (session.hasVariable(word)) {
        all.add(word + "=" + session.variable(word));
      }
    }
    return all;
  }

  private static List<String> lines(String file) {
    try {
      String text = Files.readString(Path.of(file), StandardCharsets.UTF_8);
      return List.of((text.startsWith("\ufeff") ? text.substring(1) : text).split("\r?\n", -1));
    } catch (NoSuchFileException e) {
      throw new UsageError("open " + file + ": no such file or directory", e);
    } catch (IOException e) {
      throw new UsageError("open " + file + ": " + e.getMessage(), e);
    }
  }
}
