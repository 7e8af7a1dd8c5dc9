package dev.kemas.template;

import dev.kemas.api.client.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The functions a template may call: Go's own and the ones that Docker adds. */
final class Functions {
  private Functions() {}

  static Object call(String name, List<Object> arguments, boolean heading) {
    if (heading && isTakingApart(name)) {
      return arguments.isEmpty() ? "" : arguments.getLast();
    }
    return switch (name) {
      case "json" -> json(one(name, arguments));
      case "upper" -> text(name, arguments).toUpperCase(Locale.ROOT);
      case "lower" -> text(name, arguments).toLowerCase(Locale.ROOT);
      case "title" -> title(text(name, arguments));
      case "split" -> split(arguments);
      case "join" -> String.join(second(name, arguments), GoText.strings(arguments.getFirst()));
      case "pad" -> pad(arguments);
      case "truncate" -> truncate(arguments);
      case "println" -> spaced(arguments) + "\n";
      case "print" -> print(arguments);
      case "printf" -> Printf.format(arguments);
      case "len" -> length(one(name, arguments));
      case "index" -> index(arguments);
      case "slice" -> slice(arguments);
      case "not" -> !GoText.isTrue(one(name, arguments));
      case "eq" -> equalsAny(arguments);
      case "ne" -> !equalsAny(arguments);
      case "lt" -> compare(name, arguments) < 0;
      case "le" -> compare(name, arguments) <= 0;
      case "gt" -> compare(name, arguments) > 0;
      case "ge" -> compare(name, arguments) >= 0;
      default -> throw new TemplateError("template: :1: function \"" + name + "\" not defined");
    };
  }

  private static boolean isTakingApart(String name) {
    return switch (name) {
      case "json", "split", "join", "title", "lower", "upper", "pad", "truncate", "println" -> true;
      default -> false;
    };
  }

  private static Object one(String name, List<Object> arguments) {
    if (arguments.size() != 1) {
      throw wrongCount(name, 1, arguments.size());
    }
    return arguments.getFirst();
  }

  private static String second(String name, List<Object> arguments) {
    if (arguments.size() != 2) {
      throw wrongCount(name, 2, arguments.size());
    }
    return GoText.print(arguments.get(1));
  }

  private static TemplateError wrongCount(String name, int want, int got) {
    return new TemplateError(
        "template: :1: wrong number of args for " + name + ": want " + want + " got " + got);
  }

  private static String text(String name, List<Object> arguments) {
    return GoText.print(one(name, arguments));
  }

  static String json(Object value) {
    String text = toJson(value).write();
    // Go's own encoder, which prints the rows of a list, keeps a text safe for HTML
    return value instanceof Row
        ? text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
        : text;
  }

  private static Json toJson(Object value) {
    if (value instanceof Json json) {
      return json;
    }
    if (value instanceof Row row) {
      Json.Obj object = Json.object();
      for (String name : row.names()) {
        object.put(name, toJson(row.field(name, List.of()).orElse("")));
      }
      return object;
    }
    if (value instanceof List<?> list) {
      Json.Arr array = new Json.Arr();
      for (Object item : list) {
        array.add(toJson(item));
      }
      return array;
    }
    if (value instanceof Boolean b) {
      return new Json.Bool(b);
    }
    if (value instanceof Number n) {
      return new Json.Num(n.toString());
    }
    return GoText.isNone(value) ? Json.Null.VALUE : new Json.Str(value.toString());
  }

  private static String title(String text) {
    StringBuilder out = new StringBuilder(text);
    for (int i = 0; i < out.length(); i++) {
      if (i == 0 || out.charAt(i - 1) == ' ') {
        out.setCharAt(i, Character.toUpperCase(out.charAt(i)));
      }
    }
    return out.toString();
  }

  private static List<Object> split(List<Object> arguments) {
    String separator = second("split", arguments);
    String text = GoText.print(arguments.getFirst());
    List<Object> parts = new ArrayList<>();
    int start = 0;
    for (int at = text.indexOf(separator);
        at >= 0 && !separator.isEmpty();
        at = text.indexOf(separator, start)) {
      parts.add(text.substring(start, at));
      start = at + separator.length();
    }
    parts.add(text.substring(start));
    return parts;
  }

  private static String pad(List<Object> arguments) {
    if (arguments.size() != 3) {
      throw wrongCount("pad", 3, arguments.size());
    }
    String text = GoText.print(arguments.getFirst());
    return text.isEmpty()
        ? text
        : " ".repeat((int) whole(arguments.get(1)))
            + text
            + " ".repeat((int) whole(arguments.get(2)));
  }

  private static String truncate(List<Object> arguments) {
    int most = (int) whole(GoText.number(second("truncate", arguments)));
    String text = GoText.print(arguments.getFirst());
    return text.length() < most ? text : text.substring(0, most);
  }

  private static long whole(Object value) {
    if (value instanceof Json json) {
      return json.number();
    }
    if (value instanceof Number n) {
      return n.longValue();
    }
    throw new TemplateError("template: :1: expected integer; found " + GoText.print(value));
  }

  private static String spaced(List<Object> arguments) {
    List<String> texts = new ArrayList<>();
    for (Object argument : arguments) {
      texts.add(GoText.print(argument));
    }
    return String.join(" ", texts);
  }

  private static String print(List<Object> arguments) {
    StringBuilder out = new StringBuilder();
    for (Object argument : arguments) {
      out.append(GoText.print(argument));
    }
    return out.toString();
  }

  private static long length(Object value) {
    if (value instanceof String s) {
      return s.length();
    }
    if (value instanceof Json json) {
      return json instanceof Json.Str
          ? json.text().length()
          : json.items().size() + json.fields().size();
    }
    if (value instanceof List<?> list) {
      return list.size();
    }
    throw new TemplateError("template: :1: error calling len: len of " + GoText.print(value));
  }

  private static Object index(List<Object> arguments) {
    if (arguments.isEmpty()) {
      throw wrongCount("index", 2, 0);
    }
    Object value = arguments.getFirst();
    for (Object key : arguments.subList(1, arguments.size())) {
      value = indexOne(value, key);
    }
    return value;
  }

  private static Object indexOne(Object value, Object key) {
    if (value instanceof Json.Obj object) {
      Json field = object.get(GoText.print(key));
      return field.isNull() ? GoText.NO_VALUE : field;
    }
    List<?> list =
        value instanceof Json json
            ? json.items()
            : value instanceof List<?> plain ? plain : List.of();
    boolean isList = value instanceof Json.Arr || value instanceof List<?>;
    if (!isList) {
      throw new TemplateError("template: :1: error calling index: index of untyped nil");
    }
    long at = whole(key);
    if (at < 0 || at >= list.size()) {
      throw new TemplateError("template: :1: error calling index: index out of range: " + at);
    }
    return list.get((int) at);
  }

  private static Object slice(List<Object> arguments) {
    String text = GoText.print(arguments.getFirst());
    int from = arguments.size() > 1 ? (int) whole(arguments.get(1)) : 0;
    int to = arguments.size() > 2 ? (int) whole(arguments.get(2)) : text.length();
    if (from < 0 || to > text.length() || from > to) {
      throw new TemplateError("template: :1: error calling slice: index out of range: " + to);
    }
    return text.substring(from, to);
  }

  private static boolean equalsAny(List<Object> arguments) {
    if (arguments.size() < 2) {
      throw new TemplateError("template: :1: error calling eq: missing argument for comparison");
    }
    String first = GoText.print(arguments.getFirst());
    for (Object other : arguments.subList(1, arguments.size())) {
      if (first.equals(GoText.print(other))) {
        return true;
      }
    }
    return false;
  }

  private static int compare(String name, List<Object> arguments) {
    if (arguments.size() != 2) {
      throw wrongCount(name, 2, arguments.size());
    }
    Object left = arguments.get(0);
    Object right = arguments.get(1);
    boolean numbers = isNumber(left) && isNumber(right);
    return numbers
        ? Double.compare(decimal(left), decimal(right))
        : GoText.print(left).compareTo(GoText.print(right));
  }

  private static boolean isNumber(Object value) {
    return value instanceof Number || value instanceof Json.Num;
  }

  private static double decimal(Object value) {
    return value instanceof Json json ? json.decimal() : ((Number) value).doubleValue();
  }
}
