package dev.kemas.cli.command;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.flag.UsageError;
import java.util.List;
import java.util.Locale;

/** {@code --filter key=value} to the API's filters parameter. */
public final class Filters {
  private final Json.Obj byKey = Json.object();

  public Filters() {}

  /** Reads what the command line has. */
  public static Filters of(List<String> words) {
    Filters filters = new Filters();
    for (String word : words) {
      int equal = word.indexOf('=');
      if (equal < 0) {
        throw new UsageError(
            "invalid argument \""
                + word
                + "\" for \"-f, --filter\" flag: invalid filter '"
                + word
                + "': expected key=value");
      }
      filters.add(
          word.substring(0, equal).trim().toLowerCase(Locale.ROOT),
          word.substring(equal + 1).trim());
    }
    return filters;
  }

  /** Adds one. */
  public Filters add(String key, String value) {
    Json values = byKey.get(key);
    if (values instanceof Json.Arr list) {
      list.add(new Json.Str(value));
    } else {
      byKey.put(key, List.of(value));
    }
    return this;
  }

  /** Whether there is a filter of that key. */
  public boolean has(String key) {
    return byKey.fields().containsKey(key);
  }

  /** Puts them into a request. */
  public Request into(Request request) {
    return byKey.fields().isEmpty() ? request : request.query("filters", byKey.write());
  }
}
