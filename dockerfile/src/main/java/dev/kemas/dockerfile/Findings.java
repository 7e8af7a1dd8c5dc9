package dev.kemas.dockerfile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what checks find, as far as it is wanted. Not for several threads. */
final class Findings {
  private final CheckSettings settings;
  private final List<Lint> lints = new ArrayList<>();

  Findings(CheckSettings settings) {
    this.settings = settings;
  }

  void add(Rule rule, SourceRange range, String message) {
    if (settings.reports(rule)) {
      lints.add(new Lint(rule, message, range));
    }
  }

  /** In the order of the lines. */
  List<Lint> sorted() {
    return lints.stream()
        .sorted(Comparator.comparingInt(lint -> lint.range().startLine()))
        .toList();
  }
}
