package dev.kemas.api.judge;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The schemas of a specification, and whether a value is as they say. */
final class Schemas {
  private static final String REFERENCE = "#/definitions/";

  /** Fields that dockerd itself sends and the specification leaves out. */
  private static final Map<String, Set<String>> BEYOND =
      Map.of("EventMessage", Set.of("status", "id", "from"));

  /** What dockerd answers as null where the specification forgets to allow it. */
  private static final Map<String, Set<String>> NULL =
      Map.of(
          "ContainerConfig", Set.of("Cmd", "Entrypoint"),
          "ImageConfig", Set.of("Cmd", "Entrypoint"),
          "HostConfig", Set.of("MaskedPaths", "ReadonlyPaths"),
          "Resources", Set.of("MemorySwappiness", "OomKillDisable"),
          "EndpointSettings", Set.of("IPAMConfig"));

  private final Map<String, Object> definitions;

  Schemas(Map<String, Object> definitions) {
    this.definitions = definitions;
  }

  /** A schema with its references followed and its parts put together. */
  private record Whole(
      Map<String, Object> own,
      Map<String, Object> properties,
      Set<String> required,
      Set<String> names) {}

  /** Adds what is wrong with a value to the list. */
  void judge(Map<String, Object> schema, JsonNode value, String at, List<String> wrong) {
    Whole whole = whole(schema);
    if (value.isNull()) {
      if (!isNullable(schema) && !isNullable(whole.own())) {
        wrong.add(at + " is null");
      }
      return;
    }
    String type = type(whole);
    Optional<String> mismatch = mismatch(type, value);
    if (mismatch.isPresent()) {
      wrong.add(at + " is " + mismatch.get() + ": " + shorten(value));
      return;
    }
    if (value.isObject()) {
      judgeObject(whole, value, at, wrong);
    } else if (value.isArray()) {
      Map<String, Object> items = Tree.map(whole.own().get("items"));
      for (int i = 0; i < value.size(); i++) {
        judge(items, value.get(i), at + "[" + i + "]", wrong);
      }
    } else {
      judgeScalar(whole.own(), value, at, wrong);
    }
  }

  private static String type(Whole whole) {
    Object type = whole.own().get("type");
    if (type != null) {
      return type.toString();
    }
    return whole.properties().isEmpty() ? "" : "object";
  }

  private static Optional<String> mismatch(String type, JsonNode value) {
    boolean fits =
        switch (type) {
          case "object" -> value.isObject();
          case "array" -> value.isArray();
          case "string" -> value.isTextual();
          case "integer" -> value.isIntegralNumber();
          case "number" -> value.isNumber();
          case "boolean" -> value.isBoolean();
          default -> true;
        };
    return fits ? Optional.empty() : Optional.of("no " + type);
  }

  private void judgeObject(Whole whole, JsonNode value, String at, List<String> wrong) {
    for (String name : whole.required()) {
      // ImageManifestSummary requires a field that it does not have: UnpackedSize
      boolean isField = whole.properties().isEmpty() || whole.properties().containsKey(name);
      if (isField && !value.has(name)) {
        wrong.add(at + "." + name + " is missing");
      }
    }
    Object more = whole.own().get("additionalProperties");
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      String name = field.getKey();
      String place = at + "." + name;
      if (field.getValue().isNull() && isIn(NULL, whole.names(), name)) {
        continue;
      }
      if (whole.properties().containsKey(name)) {
        judge(Tree.map(whole.properties().get(name)), field.getValue(), place, wrong);
      } else if (more instanceof Map<?, ?>) {
        judge(Tree.map(more), field.getValue(), place, wrong);
      } else if (!whole.properties().isEmpty() && !isIn(BEYOND, whole.names(), name)) {
        wrong.add(place + " is not in the specification");
      }
    }
  }

  private static boolean isIn(
      Map<String, Set<String>> exceptions, Set<String> definitions, String field) {
    return definitions.stream().anyMatch(d -> exceptions.getOrDefault(d, Set.of()).contains(field));
  }

  private static void judgeScalar(
      Map<String, Object> schema, JsonNode value, String at, List<String> wrong) {
    List<?> allowed = Tree.list(schema.get("enum"));
    if (!allowed.isEmpty()
        && allowed.stream().noneMatch(a -> String.valueOf(a).equals(value.asText()))) {
      wrong.add(at + " is none of " + allowed + ": " + shorten(value));
    }
    String format = String.valueOf(schema.getOrDefault("format", ""));
    if (!Formats.fits(format, value)) {
      wrong.add(at + " is no " + format + ": " + shorten(value));
    }
  }

  private static boolean isNullable(Map<String, Object> schema) {
    return Boolean.TRUE.equals(schema.get("x-nullable"));
  }

  private static String shorten(JsonNode value) {
    String text = value.toString();
    return text.length() > 80 ? text.substring(0, 77) + "..." : text;
  }

  private Whole whole(Map<String, Object> schema) {
    Map<String, Object> own = new HashMap<>();
    Map<String, Object> properties = new LinkedHashMap<>();
    Set<String> required = new LinkedHashSet<>();
    Set<String> names = new LinkedHashSet<>();
    gather(schema, own, properties, required, names);
    return new Whole(own, properties, required, names);
  }

  private void gather(
      Map<String, Object> schema,
      Map<String, Object> own,
      Map<String, Object> properties,
      Set<String> required,
      Set<String> names) {
    if (schema.get("$ref") instanceof String reference) {
      String name = reference.substring(REFERENCE.length());
      names.add(name);
      gather(Tree.map(definitions.get(name)), own, properties, required, names);
    }
    for (Object part : Tree.list(schema.get("allOf"))) {
      gather(Tree.map(part), own, properties, required, names);
    }
    schema.forEach(own::put);
    properties.putAll(Tree.map(schema.get("properties")));
    Tree.list(schema.get("required")).forEach(name -> required.add(String.valueOf(name)));
  }
}
