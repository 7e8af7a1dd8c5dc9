package dev.kemas.archtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of docs/architecture.md is the build's module graph, and its arrows go up the page. */
final class ModuleTableTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern ROW =
      Pattern.compile("\\| \\d [^|]*\\| `([a-z-]+)` \\| ([^|]*) \\| [^|]+ \\|");
  private static final Pattern OURS = Pattern.compile("<artifactId>kemas-([a-z-]+)</artifactId>");
  private static final Pattern MODULE = Pattern.compile("<module>([a-z-]+)</module>");

  private final Map<String, Set<String>> table = table();

  private static Map<String, Set<String>> table() {
    Map<String, Set<String>> rows = new LinkedHashMap<>();
    for (String line : read("docs/architecture.md").split("\n")) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        Set<String> uses = new LinkedHashSet<>();
        if (!row.group(2).equals("-")) {
          uses.addAll(List.of(row.group(2).split(", ")));
        }
        rows.put(row.group(1), uses);
      }
    }
    return rows;
  }

  private static String read(String file) {
    try {
      return Files.readString(ROOT.resolve(file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Set<String> all(Pattern pattern, String text) {
    Set<String> found = new LinkedHashSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  @Test
  void everyModuleHasItsRow() {
    assertThat(table.keySet()).containsExactlyInAnyOrderElementsOf(all(MODULE, read("pom.xml")));
  }

  @Test
  void everyRowSaysWhatTheBuildSays() {
    table.forEach((module, uses) -> {
      Set<String> built = all(OURS, read(module + "/pom.xml"));
      built.remove(module);
      assertThat(uses).as("uses of " + module).containsExactlyInAnyOrderElementsOf(built);
    });
  }

  @Test
  void aModuleUsesOnlyWhatStandsAboveIt() {
    Set<String> above = new LinkedHashSet<>();
    table.forEach((module, uses) -> {
      assertThat(above).as("modules above " + module).containsAll(uses);
      above.add(module);
    });
  }

  @Test
  void theCommandLineKnowsOnlyTheApi() {
    assertThat(table.get("cli")).doesNotContain("engine", "image", "build", "daemon", "metadata");
  }
}
