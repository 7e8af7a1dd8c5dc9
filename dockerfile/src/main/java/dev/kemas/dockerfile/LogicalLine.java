package dev.kemas.dockerfile;

import java.util.ArrayList;
import java.util.List;

/** Physical lines joined by continuations, and the way back from an offset to its place. */
final class LogicalLine {
  private record Part(int offset, int line, int column) {}

  private final StringBuilder text = new StringBuilder();
  private final List<Part> parts = new ArrayList<>();

  void append(String part, int line, int column) {
    parts.add(new Part(text.length(), line, column));
    text.append(part);
  }

  String text() {
    return text.toString();
  }

  /** The place of {@code [from, to)}; an empty stretch counts as its first character. */
  SourceRange range(int from, int to) {
    Part first = partAt(from);
    int last = Math.max(from, to - 1);
    Part end = partAt(last);
    return new SourceRange(
        first.line, first.column + from - first.offset, end.line, end.column + last - end.offset);
  }

  private Part partAt(int offset) {
    Part found = parts.getFirst();
    for (Part part : parts) {
      if (part.offset <= offset) {
        found = part;
      }
    }
    return found;
  }
}
