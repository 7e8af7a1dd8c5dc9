package dev.kemas.cli.command;

import dev.kemas.api.client.Json;
import java.util.List;

/** {@code key=value} words to an object of texts. */
public final class Pairs {
  private Pairs() {}

  /** A word without an equals sign is a key with an empty value. */
  public static Json.Obj of(List<String> words) {
    Json.Obj pairs = Json.object();
    for (String word : words) {
      int equal = word.indexOf('=');
      pairs.put(
          equal < 0 ? word : word.substring(0, equal), equal < 0 ? "" : word.substring(equal + 1));
    }
    return pairs;
  }
}
