package dev.kemas.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** One thing measured on several engines in turn, so that a busy moment hits them all alike. */
final class Measure {
  private final String what;
  private final Map<String, Subject> subjects = new LinkedHashMap<>();

  private record Subject(DoubleSupplier clock, List<Double> samples) {}

  Measure(String what) {
    this.what = what;
  }

  Measure on(String subject, DoubleSupplier millis) {
    subjects.put(subject, new Subject(millis, new ArrayList<>()));
    return this;
  }

  /** Takes the samples; the first round only warms up. */
  Measure run(int rounds) {
    for (int i = 0; i <= rounds; i++) {
      for (Subject subject : subjects.values()) {
        double millis = subject.clock().getAsDouble();
        if (i > 0) {
          subject.samples().add(millis);
        }
      }
    }
    return this;
  }

  String what() {
    return what;
  }

  Iterable<String> subjects() {
    return subjects.keySet();
  }

  boolean has(String subject) {
    return subjects.containsKey(subject);
  }

  double median(String subject) {
    Subject measured = subjects.get(subject);
    if (measured == null) {
      throw new IllegalArgumentException(subject + " was not measured: " + what);
    }
    List<Double> sorted = measured.samples().stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
