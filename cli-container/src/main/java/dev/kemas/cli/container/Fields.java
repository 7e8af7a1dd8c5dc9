package dev.kemas.cli.container;

import dev.kemas.flag.UsageError;
import java.util.ArrayList;
import java.util.List;

/** {@code key=value,key="with, comma"} words, one line of CSV as Docker reads it. */
final class Fields {
  private Fields() {}

  /** The fields between commas; a field in quotes may hold commas, a doubled quote is one. */
  static List<String> split(String text) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        boolean doubled = quoted && i + 1 < text.length() && text.charAt(i + 1) == '"';
        if (doubled) {
          field.append(c);
          i++;
        } else {
          quoted = !quoted;
        }
      } else if (c == ',' && !quoted) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString());
    return fields;
  }

  /** The long form of {@code -p}: {@code target=80,published=8080,protocol=tcp}. */
  static String portsFromFields(String text) {
    String target = "";
    String published = "";
    String protocol = "tcp";
    for (String field : split(text)) {
      int equal = field.indexOf('=');
      String key = equal < 0 ? field : field.substring(0, equal);
      String value = equal < 0 ? "" : field.substring(equal + 1);
      switch (key) {
        case "target" -> target = value;
        case "published" -> published = value;
        case "protocol" -> protocol = value;
        case "mode" -> {
          if (!value.equals("host") && !value.equals("ingress")) {
            throw new UsageError("invalid publish mode value (" + value + "): use host");
          }
        }
        default -> throw new UsageError("invalid field key " + key + " in -p " + text);
      }
    }
    return (published.isEmpty() ? "" : published + ":") + target + "/" + protocol;
  }
}
