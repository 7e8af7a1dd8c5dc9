package dev.kemas.guard;

import java.util.List;

/**
 * What the rules have to say.
 *
 * @param findings in the order of the lines
 * @param notes what could not be looked at, and why
 */
public record Report(List<Finding> findings, List<String> notes) {
  public Report {
    findings = List.copyOf(findings);
    notes = List.copyOf(notes);
  }
}
