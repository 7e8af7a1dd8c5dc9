package dev.kemas.api.client;

import dev.kemas.fault.Fault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A JSON value as a tree that keeps the order of fields and the spelling of numbers, so that what a
 * server sent can be shown again as it was. A field that is absent reads as {@link Null}: the
 * accessors never throw on a missing or differently typed value, they give the empty one.
 */
public sealed interface Json permits Json.Obj, Json.Arr, Json.Str, Json.Num, Json.Bool, Json.Null {

  /** An object; the order of its fields is kept. Mutable while it is being built. */
  final class Obj implements Json {
    private final Map<String, Json> fields = new LinkedHashMap<>();

    /** An object without fields. */
    public Obj() {}

    /** Sets a field. */
    public Obj put(String name, Json value) {
      fields.put(name, value);
      return this;
    }

    /** Sets a text field. */
    public Obj put(String name, String value) {
      return put(name, new Str(value));
    }

    /** Sets a whole number. */
    public Obj put(String name, long value) {
      return put(name, new Num(Long.toString(value)));
    }

    /** Sets a truth value. */
    public Obj put(String name, boolean value) {
      return put(name, new Bool(value));
    }

    /** Sets a list of texts. */
    public Obj put(String name, List<String> values) {
      return put(name, Arr.of(values));
    }

    @Override
    public Map<String, Json> fields() {
      return fields;
    }
  }

  /** A list. Mutable while it is being built. */
  final class Arr implements Json {
    private final List<Json> items = new ArrayList<>();

    /** A list without members. */
    public Arr() {}

    /** A list of texts. */
    public static Arr of(List<String> values) {
      Arr list = new Arr();
      for (String value : values) {
        list.items.add(new Str(value));
      }
      return list;
    }

    /** Appends a value. */
    public Arr add(Json value) {
      items.add(value);
      return this;
    }

    @Override
    public List<Json> items() {
      return items;
    }
  }

  /** A text. */
  record Str(String value) implements Json {}

  /** A number in the spelling it came in. */
  record Num(String value) implements Json {}

  /** True or false. */
  record Bool(boolean value) implements Json {}

  /** Null, and what stands for an absent field. */
  record Null() implements Json {
    /** The only one that is needed. */
    public static final Json VALUE = new Null();
  }

  /** An empty object to fill. */
  static Obj object() {
    return new Obj();
  }

  /** The value of {@code text}. Fault: {@link Fault.InvalidArgument} when it is not JSON. */
  static Json parse(String text) {
    return JsonReader.parse(text);
  }

  /** The field of that name; {@link Null} where this is no object or has no such field. */
  default Json get(String name) {
    Json value = fields().get(name);
    return value == null ? Null.VALUE : value;
  }

  /** The text: of a string itself, of a number its spelling, of a truth value its name; else "". */
  default String text() {
    if (this instanceof Str s) {
      return s.value();
    }
    if (this instanceof Num n) {
      return n.value();
    }
    if (this instanceof Bool b) {
      return b.value() ? "true" : "false";
    }
    return "";
  }

  /** The text of a field. */
  default String text(String name) {
    return get(name).text();
  }

  /** The whole number; 0 where this is none. */
  default long number() {
    if (!(this instanceof Num n)) {
      return 0;
    }
    try {
      return Long.parseLong(n.value());
    } catch (NumberFormatException notWhole) {
      return (long) decimal();
    }
  }

  /** The number with its fraction; 0 where this is none. */
  default double decimal() {
    if (!(this instanceof Num n)) {
      return 0;
    }
    try {
      return Double.parseDouble(n.value());
    } catch (NumberFormatException odd) {
      throw new Fault.Internal("not a number in JSON: " + n.value(), odd);
    }
  }

  /** Whether this is true. */
  default boolean isTrue() {
    return this instanceof Bool b && b.value();
  }

  /** Whether this is null or absent. */
  default boolean isNull() {
    return this instanceof Null;
  }

  /** The members of a list; empty where this is none. */
  default List<Json> items() {
    return List.of();
  }

  /** The fields of an object; empty where this is none. */
  default Map<String, Json> fields() {
    return Map.of();
  }

  /** The shortest spelling, as it goes over the wire. */
  default String write() {
    StringBuilder out = new StringBuilder();
    JsonWriter.compact(this, out);
    return out.toString();
  }

  /** The spelling for people: one field a line, indented by {@code indent} a level. */
  default String pretty(String indent) {
    StringBuilder out = new StringBuilder();
    JsonWriter.pretty(this, indent, "", out);
    return out.toString();
  }
}
