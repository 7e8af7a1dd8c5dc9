package dev.kemas.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Lines of cells, set in columns that are as wide as their widest cell and three spaces, at least
 * ten. The last cell of a line is not padded.
 */
public final class Columns {
  private static final int GAP = 3;
  private static final int LEAST = 10;

  private final List<String[]> lines = new ArrayList<>();
  private final int gap;
  private final int least;

  public Columns() {
    this(LEAST, GAP);
  }

  /** Columns with another least width and gap. */
  public Columns(int least, int gap) {
    this.least = least;
    this.gap = gap;
  }

  /** Adds a line. */
  public void add(String... cells) {
    lines.add(cells);
  }

  /** Adds a line whose cells are parted by tabs. */
  public void addTabbed(String line) {
    List<String> cells = new ArrayList<>();
    int start = 0;
    for (int tab = line.indexOf('\t'); tab >= 0; tab = line.indexOf('\t', start)) {
      cells.add(line.substring(start, tab));
      start = tab + 1;
    }
    cells.add(line.substring(start));
    lines.add(cells.toArray(new String[0]));
  }

  /** The text, each line with its end. */
  public String text() {
    List<Integer> widths = new ArrayList<>();
    for (String[] cells : lines) {
      for (int i = 0; i < cells.length - 1; i++) {
        int width = Math.max(least, length(cells[i]) + gap);
        if (i == widths.size()) {
          widths.add(width);
        } else if (widths.get(i) < width) {
          widths.set(i, width);
        }
      }
    }
    StringBuilder out = new StringBuilder();
    for (String[] cells : lines) {
      for (int i = 0; i < cells.length; i++) {
        out.append(cells[i]);
        if (i < cells.length - 1) {
          for (int pad = widths.get(i) - length(cells[i]); pad > 0; pad--) {
            out.append(' ');
          }
        }
      }
      out.append('\n');
    }
    return out.toString();
  }

  private static int length(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
