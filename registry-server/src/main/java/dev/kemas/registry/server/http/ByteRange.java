package dev.kemas.registry.server.http;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Some bytes of a blob (RFC 9110, section 14).
 *
 * @param first offset of the first
 * @param length how many
 */
record ByteRange(long first, long length) {
  private static final Pattern ONE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  /** What a header asks for. */
  sealed interface Wanted {
    /** Everything: no range, or one that may be ignored, as several at once are. */
    record All() implements Wanted {}

    /** A part. */
    record Part(ByteRange range) implements Wanted {}

    /** Nothing that is there. */
    record Unsatisfiable() implements Wanted {}
  }

  static Wanted parse(Optional<String> header, long size) {
    Matcher one = ONE.matcher(header.orElse(""));
    if (!one.matches()) {
      return new Wanted.All();
    }
    OptionalLong first = number(one.group(1));
    OptionalLong last = number(one.group(2));
    if (first.isEmpty() && last.isEmpty()) {
      return new Wanted.All();
    }
    if (first.isEmpty()) {
      long length = Math.min(last.getAsLong(), size);
      return length == 0
          ? new Wanted.Unsatisfiable()
          : new Wanted.Part(new ByteRange(size - length, length));
    }
    if (last.isPresent() && last.getAsLong() < first.getAsLong()) {
      return new Wanted.All();
    }
    if (first.getAsLong() >= size) {
      return new Wanted.Unsatisfiable();
    }
    long end = Math.min(last.orElse(size - 1), size - 1);
    return new Wanted.Part(new ByteRange(first.getAsLong(), end - first.getAsLong() + 1));
  }

  private static OptionalLong number(String digits) {
    return digits.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(digits));
  }

  /** As {@code Content-Range} says it. */
  String of(long size) {
    return "bytes " + first + "-" + (first + length - 1) + "/" + size;
  }
}
