package dev.kemas.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers divided by dots, compared one by one.
 *
 * @param text as it was written: drivers have leading zeros
 */
public record Version(String text, List<Integer> numbers) implements Comparable<Version> {
  private static final Pattern FORM = Pattern.compile("(\\d{1,6}(?:\\.\\d{1,6})*)");

  public Version {
    numbers = List.copyOf(numbers);
  }

  /** The version that the text begins with; empty when it begins with no number. */
  public static Optional<Version> of(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.lookingAt()) {
      return Optional.empty();
    }
    List<Integer> numbers = new ArrayList<>();
    for (String number : matcher.group(1).split("\\.", -1)) {
      numbers.add(Integer.parseInt(number));
    }
    return Optional.of(new Version(matcher.group(1), numbers));
  }

  int major() {
    return numbers.getFirst();
  }

  /** The first two numbers: what a CUDA release is known by. */
  Version minor() {
    return numbers.size() <= 2 ? this : of(numbers.get(0) + "." + numbers.get(1)).orElseThrow();
  }

  @Override
  public int compareTo(Version other) {
    for (int i = 0; i < Math.max(numbers.size(), other.numbers.size()); i++) {
      int compared = Integer.compare(at(i), other.at(i));
      if (compared != 0) {
        return compared;
      }
    }
    return 0;
  }

  private int at(int index) {
    return index < numbers.size() ? numbers.get(index) : 0;
  }

  @Override
  public String toString() {
    return text;
  }
}
