package dev.kemas.api.client;

import java.util.List;
import java.util.Map;

/** Spells JSON. Control characters are escaped; everything else goes out as it is. */
final class JsonWriter {
  private static final String HEX = "0123456789abcdef";

  private JsonWriter() {}

  static void compact(Json value, StringBuilder out) {
    if (value instanceof Json.Obj object) {
      String separator = "{";
      for (Map.Entry<String, Json> field : object.fields().entrySet()) {
        out.append(separator);
        string(field.getKey(), out);
        out.append(':');
        compact(field.getValue(), out);
        separator = ",";
      }
      out.append(object.fields().isEmpty() ? "{}" : "}");
    } else if (value instanceof Json.Arr list) {
      String separator = "[";
      for (Json item : list.items()) {
        out.append(separator);
        compact(item, out);
        separator = ",";
      }
      out.append(list.items().isEmpty() ? "[]" : "]");
    } else {
      scalar(value, out);
    }
  }

  static void pretty(Json value, String indent, String margin, StringBuilder out) {
    String inner = margin + indent;
    if (value instanceof Json.Obj object && !object.fields().isEmpty()) {
      String separator = "{\n";
      for (Map.Entry<String, Json> field : object.fields().entrySet()) {
        out.append(separator).append(inner);
        string(field.getKey(), out);
        out.append(": ");
        pretty(field.getValue(), indent, inner, out);
        separator = ",\n";
      }
      out.append('\n').append(margin).append('}');
    } else if (value instanceof Json.Arr list && !list.items().isEmpty()) {
      prettyList(list.items(), indent, margin, out);
    } else {
      compact(value, out);
    }
  }

  private static void prettyList(
      List<Json> items, String indent, String margin, StringBuilder out) {
    String inner = margin + indent;
    String separator = "[\n";
    for (Json item : items) {
      out.append(separator).append(inner);
      pretty(item, indent, inner, out);
      separator = ",\n";
    }
    out.append('\n').append(margin).append(']');
  }

  private static void scalar(Json value, StringBuilder out) {
    if (value instanceof Json.Str text) {
      string(text.value(), out);
    } else if (value instanceof Json.Null) {
      out.append("null");
    } else {
      out.append(value.text());
    }
  }

  static void string(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c >= ' ') {
        out.append(c);
      } else if (c == '\n') {
        out.append("\\n");
      } else if (c == '\t') {
        out.append("\\t");
      } else if (c == '\r') {
        out.append("\\r");
      } else {
        out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      }
    }
    out.append('"');
  }
}
