package dev.kemas.text;

import dev.kemas.api.client.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Labels in one cell. */
public final class Labels {
  private Labels() {}

  /** {@code a=1,b=2} in the order of the names. */
  public static String text(Json labels) {
    StringBuilder out = new StringBuilder();
    for (Map.Entry<String, Json> label : new TreeMap<>(labels.fields()).entrySet()) {
      out.append(out.isEmpty() ? "" : ",").append(label.getKey()).append('=');
      out.append(label.getValue().text());
    }
    return out.toString();
  }

  /** The value of the label that the first argument names. */
  public static String one(Json labels, List<Object> arguments) {
    return arguments.isEmpty() ? "" : labels.text(arguments.getFirst().toString());
  }
}
