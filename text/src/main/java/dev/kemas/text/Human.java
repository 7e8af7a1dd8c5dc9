package dev.kemas.text;

/** Sizes, spans of time and ids in few characters. */
public final class Human {
  private static final String[] DECIMAL = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  private static final long[] TENS = {1, 10, 100, 1000, 10_000};

  private Human() {}

  /** Bytes in powers of 1000 with four digits: {@code 4.261MB}. */
  public static String size(long bytes) {
    return scaled(bytes, 1000, DECIMAL, 4);
  }

  /** Bytes in powers of 1000 with three digits: {@code 4.26MB}. */
  public static String shortSize(long bytes) {
    return scaled(bytes, 1000, DECIMAL, 3);
  }

  /** Bytes in powers of 1024: {@code 23.54GiB}. */
  public static String binarySize(long bytes) {
    return scaled(bytes, 1024, BINARY, 4);
  }

  private static String scaled(long bytes, double base, String[] units, int digits) {
    double value = (double) bytes;
    int unit = 0;
    while (value >= base && unit < units.length - 1) {
      value /= base;
      unit++;
    }
    return significant(value, digits) + units[unit];
  }

  /** A number with that many significant digits and no zeros at its end. */
  static String significant(double value, int digits) {
    if (value < 0) {
      return "-" + significant(-value, digits);
    }
    int whole = 1;
    for (double rest = value; rest >= 10; rest /= 10) {
      whole++;
    }
    int decimals = Math.max(0, digits - whole);
    if (value < 1 && value > 0) {
      for (double rest = value; rest < 0.1; rest *= 10) {
        decimals++;
      }
    }
    long factor = power(decimals);
    long rounded = (long) Math.rint(value * factor);
    StringBuilder text = new StringBuilder(Long.toString(rounded / factor));
    long fraction = rounded % factor;
    if (fraction == 0) {
      return text.toString();
    }
    String tail = Long.toString(fraction);
    text.append('.');
    for (int i = tail.length(); i < decimals; i++) {
      text.append('0');
    }
    text.append(tail);
    int end = text.length();
    while (text.charAt(end - 1) == '0') {
      end--;
    }
    text.setLength(end);
    return text.toString();
  }

  private static long power(int exponent) {
    long value = 1;
    for (int i = 0; i < exponent; i++) {
      value *= 10;
    }
    return exponent < TENS.length ? TENS[exponent] : value;
  }

  /** A span of time in one rough word or two: {@code About an hour}. */
  public static String span(long seconds) {
    if (seconds < 1) {
      return "Less than a second";
    }
    if (seconds == 1) {
      return "1 second";
    }
    if (seconds < 60) {
      return seconds + " seconds";
    }
    long minutes = seconds / 60;
    if (minutes == 1) {
      return "About a minute";
    }
    if (minutes < 60) {
      return minutes + " minutes";
    }
    long hours = (long) (seconds / 3600.0 + 0.5);
    if (hours == 1) {
      return "About an hour";
    }
    if (hours < 48) {
      return hours + " hours";
    }
    if (hours < 24 * 7 * 2) {
      return hours / 24 + " days";
    }
    if (hours < 24 * 30 * 2) {
      return hours / 24 / 7 + " weeks";
    }
    if (hours < 24 * 365 * 2) {
      return hours / 24 / 30 + " months";
    }
    return seconds / 3600 / 24 / 365 + " years";
  }

  /** The span since a Unix time in seconds. */
  public static String ago(long unixSeconds, long nowMillis) {
    return span(nowMillis / 1000 - unixSeconds) + " ago";
  }

  /** The first twelve digits of an id, without the name of its hash. */
  public static String shortId(String id) {
    int colon = id.indexOf(':');
    String digits = colon < 0 ? id : id.substring(colon + 1);
    return digits.length() > 12 ? digits.substring(0, 12) : digits;
  }

  /** At most that many characters, the last of them an ellipsis if something was cut. */
  public static String ellipsis(String text, int most) {
    if (text.codePointCount(0, text.length()) <= most) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
  }
}
