package dev.kemas.dockerfile;

import java.util.List;

/** What RUN, CMD, ENTRYPOINT or a health check starts. */
public sealed interface CommandLine {

  /** The exec form: no shell, no expansion. */
  record Exec(List<String> arguments) implements CommandLine {}

  /**
   * The shell form, for the shell in force; heredocs that the shell itself must read are part of
   * the text.
   */
  record Shell(String text) implements CommandLine {}

  /** A lone heredoc that begins with {@code #!}: a file to be made executable and run. */
  record Script(String text) implements CommandLine {}
}
