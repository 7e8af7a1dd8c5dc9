package dev.kemas.dockerfile;

import java.util.List;

/**
 * A Dockerfile as lines that belong together, each with its place; the meaning of an instruction is
 * not looked at.
 *
 * @param emptyContinuations ranges of instructions that hold an empty line after a line
 *     continuation, which Docker warns about
 */
public record SyntaxTree(
    Directives directives, List<Node> nodes, List<SourceRange> emptyContinuations) {

  /**
   * Reads the text.
   *
   * @throws dev.kemas.fault.Fault.InvalidArgument naming the line, when a directive or a heredoc is
   *     malformed or the text has no instruction
   */
  public static SyntaxTree parse(String name, String text) {
    return new TreeReader(name, text).read();
  }
}
