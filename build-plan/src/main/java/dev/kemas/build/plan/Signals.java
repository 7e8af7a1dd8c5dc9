package dev.kemas.build.plan;

import dev.kemas.fault.Fault;
import java.util.Locale;
import java.util.Set;

/** Which names and numbers STOPSIGNAL takes (signal(7)). */
final class Signals {
  private static final Set<String> NAMES =
      Set.of(
          "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT",
          "KILL", "PIPE", "POLL", "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM",
          "TRAP", "TSTP", "TTIN", "TTOU", "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ");
  private static final int LAST = 64;

  private Signals() {}

  static void check(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    String name = upper.startsWith("SIG") ? upper.substring(3) : upper;
    boolean number =
        name.matches("[0-9]{1,2}") && Integer.parseInt(name) >= 1 && Integer.parseInt(name) <= LAST;
    boolean realTime = name.matches("RTM(IN(\\+[0-9]{1,2})?|AX(-[0-9]{1,2})?)");
    if (!number && !realTime && !NAMES.contains(name)) {
      throw new Fault.InvalidArgument("Invalid signal: " + text);
    }
  }
}
