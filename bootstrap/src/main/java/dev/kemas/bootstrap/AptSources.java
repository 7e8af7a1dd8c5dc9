package dev.kemas.bootstrap;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads what apt reads: sources.list, sources.list.d/*.list and *.sources. */
final class AptSources {
  private AptSources() {}

  /**
   * All enabled entries for binary packages.
   *
   * @param etcApt {@code /etc/apt}
   * @throws Fault.Unavailable when a file cannot be read
   */
  static List<AptSource> read(Path etcApt) {
    List<AptSource> sources = new ArrayList<>();
    try {
      Path one = etcApt.resolve("sources.list");
      if (Files.isRegularFile(one)) {
        sources.addAll(lines(one));
      }
      Path parts = etcApt.resolve("sources.list.d");
      if (Files.isDirectory(parts)) {
        try (Stream<Path> files = Files.list(parts)) {
          for (Path file : files.sorted().toList()) {
            String name = file.getFileName().toString();
            if (name.endsWith(".list")) {
              sources.addAll(lines(file));
            } else if (name.endsWith(".sources")) {
              sources.addAll(stanzas(file));
            }
          }
        }
      }
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot read the package sources: " + e.getMessage(), e);
    }
    return List.copyOf(sources);
  }

  private static List<AptSource> lines(Path file) throws IOException {
    List<AptSource> sources = new ArrayList<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).replaceFirst("#.*", "").strip();
      if (line.startsWith("deb ") || line.startsWith("deb\t")) {
        line(line.substring(4).strip(), file + ":" + (i + 1)).ifPresent(sources::add);
      }
    }
    return sources;
  }

  private static Optional<AptSource> line(String text, String origin) {
    Map<String, String> options = new HashMap<>();
    String rest = text;
    if (rest.startsWith("[")) {
      int end = rest.indexOf(']');
      if (end < 0) {
        return Optional.empty();
      }
      for (String option : rest.substring(1, end).strip().split("\\s+", -1)) {
        String[] pair = option.split("=", 2);
        options.put(pair[0].toLowerCase(Locale.ROOT), pair.length == 2 ? pair[1] : "");
      }
      rest = rest.substring(end + 1).strip();
    }
    List<String> words = List.of(rest.split("\\s+", -1));
    if (words.size() < 2) {
      return Optional.empty();
    }
    return Optional.of(
        new AptSource(
            List.of(words.get(0)),
            List.of(words.get(1)),
            words.subList(2, words.size()),
            Optional.ofNullable(options.get("signed-by")),
            "yes".equals(options.get("trusted")),
            origin));
  }

  private static List<AptSource> stanzas(Path file) throws IOException {
    List<AptSource> sources = new ArrayList<>();
    Map<String, String> fields = new HashMap<>();
    String field = "";
    int start = 1;
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    lines.add("");
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("#")) {
        continue;
      }
      if (line.isBlank()) {
        stanza(fields, file + ":" + start).ifPresent(sources::add);
        fields.clear();
        start = i + 2;
      } else if (Character.isWhitespace(line.charAt(0))) {
        fields.merge(field, "\n" + line, String::concat);
      } else {
        String[] pair = line.split(":", 2);
        field = pair[0].strip().toLowerCase(Locale.ROOT);
        fields.put(field, pair.length == 2 ? pair[1].strip() : "");
      }
    }
    return sources;
  }

  private static Optional<AptSource> stanza(Map<String, String> fields, String origin) {
    boolean enabled = !"no".equals(fields.getOrDefault("enabled", "yes"));
    if (!enabled || !words(fields, "types").contains("deb") || words(fields, "uris").isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new AptSource(
            words(fields, "uris"),
            words(fields, "suites"),
            words(fields, "components"),
            Optional.ofNullable(fields.get("signed-by")),
            "yes".equals(fields.get("trusted")),
            origin));
  }

  private static List<String> words(Map<String, String> fields, String name) {
    String text = fields.getOrDefault(name, "").strip();
    return text.isEmpty() ? List.of() : List.of(text.split("\\s+", -1));
  }
}
