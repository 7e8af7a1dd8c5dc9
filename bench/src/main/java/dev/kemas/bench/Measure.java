package dev.kemas.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** One thing measured on several engines in turn, so that a busy moment hits them all alike. */
final class Measure {
  private final String what;
  private final Map<String, DoubleSupplier> subjects = new LinkedHashMap<>();
  private final Map<String, List<Double>> samples = new LinkedHashMap<>();

  Measure(String what) {
    this.what = what;
  }

  Measure on(String subject, DoubleSupplier millis) {
    subjects.put(subject, millis);
    samples.put(subject, new ArrayList<>());
    return this;
  }

  /** Takes the samples; the first round only warms up. */
  Measure run(int rounds) {
    for (int i = 0; i <= rounds; i++) {
      for (Map.Entry<String, DoubleSupplier> subject : subjects.entrySet()) {
        double millis = subject.getValue().getAsDouble();
        if (i > 0) {
          samples.get(subject.getKey()).add(millis);
        }
      }
    }
    return this;
  }

  String what() {
    return what;
  }

  Iterable<String> subjects() {
    return samples.keySet();
  }

  boolean has(String subject) {
    return samples.containsKey(subject);
  }

  double median(String subject) {
    List<Double> sorted = samples.get(subject).stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
