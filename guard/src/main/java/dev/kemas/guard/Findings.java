package dev.kemas.guard;

import dev.kemas.dockerfile.CheckSettings;
import dev.kemas.dockerfile.Instruction;
import dev.kemas.dockerfile.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what the rules that are looked at have to say. */
final class Findings {
  private final CheckSettings settings;
  private final List<Finding> findings = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  Findings(CheckSettings settings) {
    this.settings = settings;
  }

  boolean wants(Rule rule) {
    return settings.reports(rule);
  }

  void add(Rule rule, Instruction instruction, String message, String hint) {
    if (settings.reports(rule)) {
      findings.add(
          new Finding(
              rule, printable(message).replace('\n', '?'), instruction.range(), printable(hint)));
    }
  }

  void note(String text) {
    notes.add(printable(text));
  }

  /** A context may hold names that would move a terminal's cursor. */
  private static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c != '\n' && Character.isISOControl(c) ? '?' : c)
        .forEach(out::appendCodePoint);
    return out.toString();
  }

  Report report() {
    findings.sort(Comparator.comparingInt(finding -> finding.range().startLine()));
    return new Report(findings, notes);
  }
}
