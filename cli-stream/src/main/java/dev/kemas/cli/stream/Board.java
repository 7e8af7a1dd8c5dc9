package dev.kemas.cli.stream;

import dev.kemas.linux.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Lines at the bottom of a terminal that are drawn again as they change. No line is wider than the
 * terminal and all together are no higher, whatever its size becomes meanwhile.
 */
final class Board {
  private static final String TO_END_OF_LINE = "\u001b[K";
  private static final String TO_END_OF_SCREEN = "\u001b[J";

  /** A line: what it shows at a width, and whether it will not change any more. */
  interface Line {
    String at(int columns);

    boolean isOver();
  }

  private final Supplier<Terminal.Size> size;
  private List<Integer> drawn = new ArrayList<>();

  Board(Supplier<Terminal.Size> size) {
    this.size = size;
  }

  /** What to write so that these lines stand in place of those drawn before. */
  String draw(List<Line> lines, String last) {
    Terminal.Size now = now();
    StringBuilder out = new StringBuilder(top(now));
    int room = Math.max(1, now.rows() - (last.isEmpty() ? 1 : 2));
    List<Line> shown = new ArrayList<>(lines);
    // those that are over leave the board upwards, the first ones first
    for (int i = 0; shown.size() > room && i < shown.size(); ) {
      if (shown.get(i).isOver()) {
        append(out, shown.remove(i).at(now.columns()), now);
      } else {
        i++;
      }
    }
    gone.addAll(lines.stream().filter(l -> !shown.contains(l)).toList());
    List<Integer> widths = new ArrayList<>();
    int more = shown.size() - room;
    int count = more > 0 ? room - 1 : shown.size();
    for (Line line : shown.subList(0, count)) {
      widths.add(append(out, line.at(now.columns()), now));
    }
    if (more > 0) {
      widths.add(append(out, "... and " + (more + 1) + " more", now));
    }
    if (!last.isEmpty()) {
      widths.add(append(out, last, now));
    }
    drawn = widths;
    return out.append(TO_END_OF_SCREEN).toString();
  }

  private final List<Line> gone = new ArrayList<>();

  /** The lines that have left the board since the last call. */
  List<Line> takeGone() {
    List<Line> taken = List.copyOf(gone);
    gone.clear();
    return taken;
  }

  /** What to write so that these lines stay for good and the board is empty below them. */
  String leave(List<Line> lines, String last) {
    Terminal.Size now = now();
    StringBuilder out = new StringBuilder(top(now));
    for (Line line : lines) {
      append(out, line.at(now.columns()), now);
    }
    if (!last.isEmpty()) {
      append(out, last, now);
    }
    drawn = new ArrayList<>();
    return out.append(TO_END_OF_SCREEN).toString();
  }

  private Terminal.Size now() {
    Terminal.Size asked = size.get();
    return asked.columns() < 1 || asked.rows() < 1 ? new Terminal.Size(80, 24) : asked;
  }

  /** A terminal that became narrower has broken lines into several. */
  private String top(Terminal.Size now) {
    int rows = 0;
    for (int width : drawn) {
      rows += Math.max(1, (width + now.columns() - 1) / now.columns());
    }
    rows = Math.min(rows, now.rows() - 1);
    return rows <= 0 ? "\r" : "\r\u001b[" + rows + "A";
  }

  private static int append(StringBuilder out, String text, Terminal.Size now) {
    int end = Math.min(text.length(), Math.max(1, now.columns() - 1));
    out.append(text, 0, end).append(TO_END_OF_LINE).append('\n');
    return end;
  }
}
