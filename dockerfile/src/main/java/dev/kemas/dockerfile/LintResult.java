package dev.kemas.dockerfile;

import dev.kemas.fault.Fault;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What {@code docker build --check} wants to know; its parts are called as in the JSON of {@code
 * --call=lint,format=json}.
 *
 * @param error what keeps the file from being built, or that findings fail the build
 */
public record LintResult(List<Warning> warnings, List<Source> sources, Optional<BuildError> error) {
  public LintResult {
    warnings = List.copyOf(warnings);
    sources = List.copyOf(sources);
  }

  /** A finding. */
  public record Warning(
      String ruleName, String description, String url, String detail, Location location) {}

  /**
   * Where something stands.
   *
   * @param sourceIndex which of the sources
   * @param ranges one for each line, as Docker's builder has it
   */
  public record Location(int sourceIndex, List<Range> ranges) {
    public Location {
      ranges = List.copyOf(ranges);
    }
  }

  /** From one place to another. */
  public record Range(Position start, Position end) {}

  /**
   * A place.
   *
   * @param line from 1
   * @param character always 0, as Docker's builder tells only lines
   */
  public record Position(int line, int character) {}

  /** A file; Docker's JSON has its data in base64. */
  public record Source(String filename, String language, String data) {}

  /** What keeps the file from being built. */
  public record BuildError(String message, Location location) {}

  /** The exit status of a check: 1 when there is anything to tell. */
  public int status() {
    return warnings.isEmpty() && error.isEmpty() ? 0 : 1;
  }

  /** The answer for these findings. */
  public static LintResult of(
      String filename, String text, List<Lint> findings, Optional<Fault> failure) {
    return new LintResult(
        findings.stream()
            .map(lint ->
                new Warning(
                    lint.rule().name(),
                    lint.rule().description(),
                    lint.rule().url(),
                    lint.message(),
                    location(lint.range())))
            .toList(),
        List.of(new Source(filename, "Dockerfile", text)),
        failure.map(LintResult::error));
  }

  private static BuildError error(Fault failure) {
    return Mistake.of(failure)
        .map(mistake -> new BuildError(mistake.line(), location(mistake.range())))
        .orElseGet(() -> new BuildError(failure.getMessage(), new Location(0, List.of())));
  }

  /** The lines of a stretch. */
  public static Location location(SourceRange range) {
    return new Location(
        0,
        IntStream.rangeClosed(range.startLine(), range.endLine())
            .mapToObj(line -> new Range(new Position(line, 0), new Position(line, 0)))
            .toList());
  }
}
