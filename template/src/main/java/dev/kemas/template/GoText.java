package dev.kemas.template;

import dev.kemas.api.client.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Values as Go sees them: their truth, their members, their text. */
final class GoText {
  /** What an absent field is. */
  static final Object NO_VALUE =
      new Object() {
        @Override
        public String toString() {
          return "<no value>";
        }
      };

  /** What a field is that may be absent and is. */
  static final Object NIL =
      new Object() {
        @Override
        public String toString() {
          return "<nil>";
        }
      };

  /** Fields that servers leave out when there is nothing to say: reading them is no mistake. */
  private static final Set<String> OPTIONAL =
      Set.of(
          "Health",
          "Healthcheck",
          "MacAddress",
          "StopTimeout",
          "StopSignal",
          "Shell",
          "OnBuild",
          "Annotations",
          "Labels",
          "NetworkMode",
          "Options",
          "Tmpfs",
          "Sysctls",
          "Mounts",
          "Init",
          "ExposedPorts",
          "Volumes",
          "Status",
          "UsageData",
          "ArgsEscaped",
          "StorageOpt",
          "Platform",
          "SizeRw",
          "SizeRootFs",
          "VolumeOptions",
          "BindOptions",
          "Variant",
          "Comment",
          "DNSNames",
          "GwPriority",
          "ImageManifestDescriptor",
          "Descriptor");

  /** Fields that are maps: their null prints as an empty map. */
  private static final Set<String> MAPS =
      Set.of(
          "Volumes",
          "Labels",
          "ExposedPorts",
          "PortBindings",
          "Ports",
          "Sysctls",
          "Options",
          "Config",
          "Annotations",
          "Tmpfs",
          "Networks",
          "Containers",
          "DriverOpts",
          "StorageOpt",
          "Data");

  private GoText() {}

  static Object field(Object from, String name, List<Object> arguments, Node.Operand operand) {
    if (from instanceof Row row) {
      Optional<Object> value = row.field(name, arguments);
      if (value.isPresent()) {
        return value.get();
      }
      throw new TemplateError(
          at(operand) + "can't evaluate field " + name + ": the fields are " + row.names());
    }
    if (from instanceof Json json && !json.isNull()) {
      Json value = json.get(name);
      if (!json.fields().containsKey(name)) {
        String other = name.equals("ID") ? "Id" : name.equals("Id") ? "ID" : "";
        if (json.fields().containsKey(other)) {
          return json.get(other);
        }
        if (OPTIONAL.contains(name)) {
          return NIL;
        }
        String what =
            json instanceof Json.Obj
                ? "map has no entry for key \"" + name + "\""
                : "can't evaluate field " + name + " in a value that has no fields";
        throw new TemplateError(at(operand) + what);
      }
      return value.isNull() && MAPS.contains(name) ? Json.object() : value;
    }
    throw new TemplateError(at(operand) + "nil pointer evaluating ." + name);
  }

  private static String at(Node.Operand operand) {
    String spelling = operand.spelling();
    return "template: :1:"
        + (operand.start().position() + 2)
        + ": executing \"\" at <"
        + spelling
        + ">: ";
  }

  static boolean isNone(Object value) {
    return Objects.equals(value, NO_VALUE) || Objects.equals(value, NIL);
  }

  static boolean isTrue(Object value) {
    if (value instanceof Boolean b) {
      return b;
    }
    if (value instanceof String s) {
      return !s.isEmpty();
    }
    if (value instanceof Number n) {
      return n.doubleValue() != 0;
    }
    if (value instanceof List<?> list) {
      return !list.isEmpty();
    }
    if (value instanceof Json json) {
      return json.isTrue()
          || (json instanceof Json.Str && !json.text().isEmpty())
          || json.decimal() != 0
          || !json.items().isEmpty()
          || !json.fields().isEmpty();
    }
    return !isNone(value);
  }

  /** Keys and values of a list, or of an object in the order of its keys. */
  static void members(Object whole, List<Object> keys, List<Object> values) {
    if (whole instanceof Json json) {
      for (Map.Entry<String, Json> field : new TreeMap<>(json.fields()).entrySet()) {
        keys.add(field.getKey());
        values.add(field.getValue());
      }
      for (Json item : json.items()) {
        keys.add((long) keys.size());
        values.add(item);
      }
    } else if (whole instanceof List<?> list) {
      for (Object item : list) {
        keys.add((long) keys.size());
        values.add(item);
      }
    } else if (!isNone(whole)) {
      throw new TemplateError("template: :1: range can't iterate over " + print(whole));
    }
  }

  static String print(Object value) {
    if (value instanceof Json json) {
      return print(json);
    }
    if (value instanceof List<?> list) {
      StringBuilder out = new StringBuilder("[");
      String separator = "";
      for (Object item : list) {
        out.append(separator).append(print(item));
        separator = " ";
      }
      return out.append(']').toString();
    }
    if (value instanceof Row row) {
      return Functions.json(row);
    }
    return value.toString();
  }

  private static String print(Json json) {
    StringBuilder out = new StringBuilder();
    if (json instanceof Json.Obj object) {
      out.append("map[");
      String separator = "";
      for (Map.Entry<String, Json> field : new TreeMap<>(object.fields()).entrySet()) {
        out.append(separator).append(field.getKey()).append(':').append(print(field.getValue()));
        separator = " ";
      }
      return out.append(']').toString();
    }
    if (json instanceof Json.Arr list) {
      String separator = "[";
      for (Json item : list.items()) {
        out.append(separator).append(print(item));
        separator = " ";
      }
      return out.append(list.items().isEmpty() ? "[]" : "]").toString();
    }
    return json.isNull() ? "[]" : json.text();
  }

  static Object number(String text) {
    try {
      if (text.indexOf('.') >= 0) {
        return Double.parseDouble(text);
      }
      return Long.decode(text);
    } catch (NumberFormatException e) {
      throw new TemplateError("template: :1: bad number syntax: \"" + text + "\"");
    }
  }

  /** The strings of a list of either kind. */
  static List<String> strings(Object value) {
    List<Object> keys = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    members(value, keys, values);
    List<String> strings = new ArrayList<>();
    for (Object item : values) {
      strings.add(print(item));
    }
    return strings;
  }
}
