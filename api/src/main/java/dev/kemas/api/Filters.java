package dev.kemas.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * The {@code filters} of a list, prune or events request: a name to the values of which one must
 * match; all names must match.
 *
 * @param byName as sent, in that order
 */
public record Filters(Map<String, Set<String>> byName) {
  /** Nothing is filtered. */
  public static final Filters NONE = new Filters(Map.of());

  public Filters {
    Map<String, Set<String>> copy = new LinkedHashMap<>();
    byName.forEach(
        (name, values) -> copy.put(name, Collections.unmodifiableSet(new LinkedHashSet<>(values))));
    byName = Collections.unmodifiableMap(copy);
  }

  /**
   * Reads {@code {"label":["a","b"]}} and the older {@code {"label":{"a":true,"b":true}}}; an empty
   * text filters nothing.
   *
   * @throws Fault.InvalidArgument when it is neither
   */
  public static Filters parse(String text) {
    if (text.isBlank()) {
      return NONE;
    }
    JsonNode tree;
    try {
      tree = Json.mapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new Fault.InvalidArgument("invalid filters: " + e.getOriginalMessage(), e);
    }
    if (tree.isNull()) {
      return NONE;
    }
    if (!tree.isObject()) {
      throw new Fault.InvalidArgument("invalid filters: want an object of lists");
    }
    Map<String, Set<String>> byName = new LinkedHashMap<>();
    tree.properties().forEach(entry -> byName.put(entry.getKey(), values(entry.getValue(), entry)));
    return new Filters(byName);
  }

  private static Set<String> values(JsonNode node, Map.Entry<String, JsonNode> entry) {
    Set<String> values = new LinkedHashSet<>();
    if (node.isArray()) {
      for (JsonNode value : node) {
        if (!value.isTextual()) {
          throw invalid(entry.getKey());
        }
        values.add(value.textValue());
      }
    } else if (node.isObject()) {
      for (Map.Entry<String, JsonNode> value : node.properties()) {
        if (!value.getValue().isBoolean()) {
          throw invalid(entry.getKey());
        }
        if (value.getValue().booleanValue()) {
          values.add(value.getKey());
        }
      }
    } else {
      throw invalid(entry.getKey());
    }
    return values;
  }

  private static Fault.InvalidArgument invalid(String name) {
    return new Fault.InvalidArgument("invalid filters: \"" + name + "\" is not a list of texts");
  }

  /**
   * Refuses names that a request does not know.
   *
   * @throws Fault.InvalidArgument {@code invalid filter 'NAME'}, as Docker says it
   */
  public Filters requireOnly(Set<String> known) {
    for (String name : byName.keySet()) {
      if (!known.contains(name)) {
        throw new Fault.InvalidArgument("invalid filter '" + name + "'");
      }
    }
    return this;
  }

  /** The values of a name, empty when it is not there. */
  public Set<String> get(String name) {
    return byName.getOrDefault(name, Set.of());
  }

  /** Whether the name was sent, with or without values. */
  public boolean has(String name) {
    return byName.containsKey(name);
  }

  /** Whether no value is asked for under the name, or exactly this one. */
  public boolean allows(String name, String value) {
    Set<String> values = get(name);
    return values.isEmpty() || values.contains(value);
  }

  /** Whether no value is asked for under the name, or one that is a text or matches part of it. */
  public boolean matches(String name, String... texts) {
    Set<String> values = get(name);
    return values.isEmpty()
        || values.stream()
            .anyMatch(value ->
                Stream.of(texts).anyMatch(text -> value.equals(text) || found(value, text)));
  }

  private static boolean found(String expression, String text) {
    try {
      return Pattern.compile(expression).matcher(text).find();
    } catch (PatternSyntaxException e) {
      return false; // as Docker has it: such a value matches nothing but itself
    }
  }

  /**
   * A yes or no, as {@code dangling} and {@code is-task} have it.
   *
   * @throws Fault.InvalidArgument {@code invalid filter 'NAME=[...]'} for anything but one of 0 1
   *     false true
   */
  public Optional<Boolean> flag(String name) {
    Set<String> values = get(name);
    if (values.isEmpty()) {
      return Optional.empty();
    }
    boolean yes = values.stream().anyMatch(v -> v.equals("1") || v.equalsIgnoreCase("true"));
    boolean no = values.stream().anyMatch(v -> v.equals("0") || v.equalsIgnoreCase("false"));
    if (yes == no || values.size() > 1) {
      throw new Fault.InvalidArgument("invalid filter '" + name + "=" + values + "'");
    }
    return Optional.of(yes);
  }

  /** Whether the object has all labels that are asked for and none of those that are refused. */
  public boolean matchesLabels(Map<String, String> labels) {
    return get("label").stream().allMatch(wanted -> holds(labels, wanted))
        && get("label!").stream().noneMatch(unwanted -> holds(labels, unwanted));
  }

  private static boolean holds(Map<String, String> labels, String wanted) {
    int equals = wanted.indexOf('=');
    return equals < 0
        ? labels.containsKey(wanted)
        : wanted.substring(equals + 1).equals(labels.get(wanted.substring(0, equals)));
  }
}
