package dev.kemas.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was measured, as text. */
final class Report {
  private final List<Measure> measures = new ArrayList<>();
  private final int rounds;
  private final double startMillis;
  private final List<String> facts = new ArrayList<>();
  private long idleBytes;

  Report(int rounds, double startMillis) {
    this.rounds = rounds;
    this.startMillis = startMillis;
  }

  void add(Measure measure) {
    measures.add(measure);
  }

  /** Something that has no time: a line of the last table. */
  void fact(String what, String measured) {
    facts.add("| " + what + " | " + measured + " |\n");
  }

  void idle(long bytes) {
    idleBytes = bytes;
  }

  void print() {
    System.out.print(markdown());
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("# Benchmarks\n\n");
    text.append("Written by `make bench`: one run on one machine, the same stock `docker` command");
    text.append(" against each\nengine, engines in turn within a round; medians in milliseconds.");
    text.append(" The ratio is Kemas over the\nsubject of the row: below 1 is faster.\n\n");
    text.append("Machine: ")
        .append(machine())
        .append("; ")
        .append(LocalDate.now(ZoneId.systemDefault()));
    text.append("; ").append(rounds).append(" rounds.\n");
    for (Measure measure : measures) {
      text.append("\n## ").append(measure.what()).append("\n\n");
      text.append("| subject | median ms | Kemas / subject |\n|---|---|---|\n");
      String first = measure.has("kemas") ? "kemas" : measure.subjects().iterator().next();
      for (String subject : measure.subjects()) {
        text.append(
            String.format(
                Locale.ROOT,
                "| %s | %.1f | %.2f |\n",
                subject,
                measure.median(subject),
                measure.median(first) / measure.median(subject)));
      }
    }
    text.append("\n## The daemon\n\n| what | measured |\n|---|---|\n");
    text.append(
        String.format(
            Locale.ROOT, "| start to the first answered `_ping` | %.0f ms |\n", startMillis));
    text.append(
        String.format(
            Locale.ROOT, "| resident after all of the above | %.0f MB |\n", idleBytes / 1e6));
    facts.forEach(text::append);
    return text.toString();
  }

  private static String machine() {
    int processors = Runtime.getRuntime().availableProcessors();
    try {
      String kernel = Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
      return processors + " processors, Linux " + kernel.replaceFirst("-.*", "");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
