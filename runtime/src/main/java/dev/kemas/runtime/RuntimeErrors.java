package dev.kemas.runtime;

import dev.kemas.fault.Fault;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a runtime complains about, in the words that Docker's clients know: they tell exit codes 126
 * and 127 apart by the text.
 */
public final class RuntimeErrors {
  private static final Pattern CRUN_MISSING =
      Pattern.compile("executable file `([^']*)[`'] not found in \\$PATH");
  private static final Pattern RUNC_CAUSE = Pattern.compile("(exec: \".*)", Pattern.DOTALL);
  private static final Pattern RUNC_LOG =
      Pattern.compile("time=\"[^\"]*\" level=\\w+ msg=\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern CRUN_EXEC =
      Pattern.compile("(?:open|exec|stat)(?:ing)? (?:executable )?[`']?([^`':]+)[`']?: (.*)");
  private static final List<String> MISSING =
      List.of("executable file not found", "no such file or directory");
  private static final List<String> NOT_RUNNABLE =
      List.of("permission denied", "is a directory", "exec format error");

  private RuntimeErrors() {}

  /** The fault for a runtime's complaint while it tried to {@code create} or {@code exec}. */
  static Fault of(String attempt, String complaint) {
    String cause = cause(complaint.strip());
    String message =
        "OCI runtime " + attempt + " failed: unable to start container process: " + cause;
    return exitCode(message) == 125
        ? new Fault.Internal("OCI runtime " + attempt + " failed: " + cause)
        : new Fault.InvalidArgument(message);
  }

  private static String cause(String complaint) {
    Matcher runcLog = RUNC_LOG.matcher(complaint);
    String text = complaint;
    while (runcLog.find()) {
      text = runcLog.group(1).replace("\\\"", "\"").replace("\\\\", "\\");
    }
    Matcher missing = CRUN_MISSING.matcher(text);
    if (missing.find()) {
      return "exec: \"" + missing.group(1) + "\": executable file not found in $PATH: unknown";
    }
    Matcher runc = RUNC_CAUSE.matcher(text);
    if (runc.find()) {
      return runc.group(1).strip() + ": unknown";
    }
    String lower = text.toLowerCase(java.util.Locale.ROOT);
    Matcher exec = CRUN_EXEC.matcher(text);
    if (NOT_RUNNABLE.stream().anyMatch(lower::contains) && exec.find()) {
      return "exec: \""
          + exec.group(1)
          + "\": "
          + exec.group(2).toLowerCase(java.util.Locale.ROOT)
          + ": unknown";
    }
    return text;
  }

  /**
   * The exit code that Docker gives a container whose process could not be started: 127 if there is
   * no such program, 126 if it cannot be run, else 125.
   *
   * @param message the message of a fault of this module
   */
  public static int exitCode(String message) {
    if (!message.contains("exec: \"")) {
      return 125;
    }
    String lower = message.toLowerCase(java.util.Locale.ROOT);
    if (MISSING.stream().anyMatch(lower::contains)) {
      return 127;
    }
    return NOT_RUNNABLE.stream().anyMatch(lower::contains) ? 126 : 125;
  }
}
