package dev.kemas.cli.build;

import dev.kemas.api.client.Json;
import dev.kemas.cli.command.Exit;
import dev.kemas.flag.Flags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * {@code --cache-from} and {@code --cache-to}: the engine reads and fills them, those in a folder
 * by what is lent of it. The folder's index is ours to read and to write.
 */
final class LentCaches {
  private final Flags flags;
  private final Map<String, Path> stores;
  private final List<String> from = new ArrayList<>();
  private final List<String> to = new ArrayList<>();
  private final Map<Layout, String> filled = new HashMap<>();

  /**
   * @param stores is told of folders to lend
   */
  LentCaches(Flags flags, Map<String, Path> stores) {
    this.flags = flags;
    this.stores = stores;
  }

  /** Where results are looked for: names of images, or attributes. */
  List<String> from() {
    return from;
  }

  /** Where results are left. */
  List<String> to() {
    return to;
  }

  void from(String word) {
    if (word.indexOf('=') < 0) {
      from.add(word);
      return;
    }
    Map<String, String> given = Lending.attributes(flags, "cache-from", word);
    if (given.getOrDefault("type", "registry").equals("local")) {
      Path folder = folder("cache-from", word, given, "src");
      String tag = given.getOrDefault("tag", "latest");
      if (!given.containsKey("digest")) {
        new Layout(folder).digest(tag).ifPresent(digest -> given.put("digest", digest));
      }
      if (!given.containsKey("digest")) {
        throw flags.invalid(
            "cache-from", word, "there is no build cache of the tag " + tag + " in " + folder);
      }
    }
    from.add(written(given));
  }

  void to(String word) {
    Map<String, String> given =
        word.equals("inline")
            ? new HashMap<>(Map.of("type", "inline"))
            : Lending.attributes(flags, "cache-to", word);
    if (given.getOrDefault("type", "registry").equals("local")) {
      Path folder = folder("cache-to", word, given, "dest");
      try {
        Files.createDirectories(folder);
      } catch (IOException e) {
        throw new Exit(1, "cannot make " + folder + " for the build cache: " + e, e);
      }
      filled.put(new Layout(folder), given.getOrDefault("tag", "latest"));
    }
    to.add(written(given));
  }

  private Path folder(String option, String word, Map<String, String> given, String name) {
    String text = given.getOrDefault(name, "");
    if (text.isEmpty()) {
      throw flags.invalid(option, word, "a folder is needed: type=local," + name + "=FOLDER");
    }
    Path folder = Path.of(text).toAbsolutePath().normalize();
    given.put(name, folder.toString());
    stores.put("local:" + folder, folder);
    return folder;
  }

  private static String written(Map<String, String> attributes) {
    return attributes.entrySet().stream()
        .map(one -> one.getKey() + "=" + one.getValue())
        .collect(Collectors.joining(","));
  }

  /**
   * Has the indexes of the filled folders say what the engine has left there.
   *
   * @param manifest of the cache; nothing where none was left
   */
  void left(String manifest) {
    if (!manifest.isEmpty()) {
      filled.forEach((layout, tag) -> layout.tag(tag, Json.parse(manifest)));
    }
  }
}
