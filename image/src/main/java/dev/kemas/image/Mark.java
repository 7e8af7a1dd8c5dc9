package dev.kemas.image;

import dev.kemas.fault.Fault;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much of the disk may be in use. */
public sealed interface Mark {
  /**
   * A part of the file system that the data root is on, whoever uses it.
   *
   * @param of a hundred, 1 to 99
   */
  record Percent(int of) implements Mark {
    @Override
    public String toString() {
      return of + "%";
    }
  }

  /**
   * What images take: their blobs and unpacked layers.
   *
   * @param count over 0
   */
  record Bytes(long count) implements Mark {
    @Override
    public String toString() {
      return count + " bytes";
    }
  }

  /**
   * Reads {@code 80%}, or a number of bytes with {@code k}, {@code m}, {@code g} or {@code t}.
   *
   * @throws Fault.InvalidArgument for anything else
   */
  static Mark parse(String text) {
    Matcher matcher =
        Pattern.compile("([0-9]{1,15})(%|(?:[kmgt]i?)?b?)").matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw invalid(text);
    }
    long number = Long.parseLong(matcher.group(1));
    String unit = matcher.group(2);
    if (unit.equals("%")) {
      if (number < 1 || number > 99) {
        throw invalid(text);
      }
      return new Percent((int) number);
    }
    int shift = unit.isEmpty() ? 0 : 10 * "bkmgt".indexOf(unit.charAt(0));
    if (number < 1 || number > Long.MAX_VALUE >> shift) {
      throw invalid(text);
    }
    return new Bytes(number << shift);
  }

  private static Fault invalid(String text) {
    return new Fault.InvalidArgument(
        "invalid mark \"" + text + "\": want 1% to 99%, or bytes such as 20g");
  }
}
