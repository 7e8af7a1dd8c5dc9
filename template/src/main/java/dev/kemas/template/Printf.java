package dev.kemas.template;

import dev.kemas.api.client.Json;
import java.util.List;

/** The verbs of Go's Printf that templates use: {@code %s %q %v %d %f %x %t %%} with a width. */
final class Printf {
  private Printf() {}

  static String format(List<Object> arguments) {
    if (arguments.isEmpty()) {
      throw new TemplateError(
          "template: :1: wrong number of args for printf: want at least 1 got 0");
    }
    String pattern = GoText.print(arguments.getFirst());
    StringBuilder out = new StringBuilder();
    int used = 1;
    int at = 0;
    while (at < pattern.length()) {
      char c = pattern.charAt(at++);
      if (c != '%') {
        out.append(c);
        continue;
      }
      int start = at;
      while (at < pattern.length() && "-+ 0123456789.#".indexOf(pattern.charAt(at)) >= 0) {
        at++;
      }
      if (at == pattern.length()) {
        return out.append("%!(NOVERB)").toString();
      }
      char verb = pattern.charAt(at++);
      if (verb == '%') {
        out.append('%');
      } else if (used == arguments.size()) {
        out.append("%!").append(verb).append("(MISSING)");
      } else {
        out.append(one(verb, pattern.substring(start, at - 1), arguments.get(used++)));
      }
    }
    return out.toString();
  }

  private static String one(char verb, String shape, Object value) {
    int dot = shape.indexOf('.');
    String width = dot < 0 ? shape : shape.substring(0, dot);
    int precision = dot < 0 ? -1 : digits(shape.substring(dot + 1));
    String text = text(verb, precision, value);
    boolean left = width.startsWith("-");
    boolean zero = !left && width.startsWith("0");
    String padding = (zero ? "0" : " ").repeat(Math.max(0, digits(width) - text.length()));
    return left ? text + padding : padding + text;
  }

  private static int digits(String text) {
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      if (Character.isDigit(text.charAt(i))) {
        value = value * 10 + (text.charAt(i) - '0');
      }
    }
    return Math.min(value, 10_000);
  }

  private static String text(char verb, int precision, Object value) {
    String plain = GoText.print(value);
    return switch (verb) {
      case 's', 'v', 'd', 't' ->
          precision >= 0 && precision < plain.length() && verb == 's'
              ? plain.substring(0, precision)
              : plain;
      case 'q' -> new Json.Str(plain).write();
      case 'f' -> String.format("%." + (precision < 0 ? 6 : precision) + "f", decimal(plain));
      case 'x' -> Long.toHexString((long) decimal(plain));
      default -> "%!" + verb + "(" + plain + ")";
    };
  }

  private static double decimal(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new TemplateError("template: :1: error calling printf: " + text + " is no number");
    }
  }
}
