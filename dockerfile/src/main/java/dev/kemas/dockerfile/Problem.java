package dev.kemas.dockerfile;

import dev.kemas.fault.Fault;
import java.io.Serial;

/** What is wrong with one line, before the line number is known; never leaves the package. */
final class Problem extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  Problem(String message) {
    super(message);
  }

  String text() {
    String message = getMessage();
    return message == null ? "" : message;
  }

  /** The fault that users see, in Docker's words, with the file's name and the instruction. */
  static Fault.InvalidArgument fault(
      String file, SourceRange range, String keyword, String message) {
    Mistake mistake = new Mistake(file, range, keyword, message);
    return new Fault.InvalidArgument(mistake.getMessage(), mistake);
  }
}
