package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A signal by number, with its name (signal(7)); real-time signals count from SIGRTMIN as the C
 * library has it, 34.
 */
public record Signal(int number) {
  /** The names of 1 to 31, the same on x86-64 and arm64. */
  private static final List<String> NAMES =
      List.of(
          "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
          "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
          "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");

  private static final int RTMIN = 34;
  private static final int RTMAX = 64;
  private static final Map<String, Integer> NUMBERS = numbers();

  public static final Signal HUP = new Signal(1);
  public static final Signal INT = new Signal(2);
  public static final Signal QUIT = new Signal(3);
  public static final Signal KILL = new Signal(9);
  public static final Signal TERM = new Signal(15);
  public static final Signal CONT = new Signal(18);
  public static final Signal WINCH = new Signal(28);

  public Signal {
    if (number < 1 || number > RTMAX) {
      throw new Fault.InvalidArgument("Invalid signal: " + number);
    }
  }

  /**
   * Reads {@code 9}, {@code KILL}, {@code SIGKILL}, {@code RTMIN+3}, {@code SIGRTMAX-2}, in any
   * case.
   *
   * @throws Fault.InvalidArgument with Docker's text for anything else
   */
  public static Signal parse(String text) {
    String name = text.toUpperCase(Locale.ROOT);
    if (!name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9') && name.length() < 4) {
      int number = Integer.parseInt(name);
      if (number >= 1 && number <= RTMAX) {
        return new Signal(number);
      }
    }
    Integer number = NUMBERS.get(name.startsWith("SIG") ? name.substring(3) : name);
    if (number == null) {
      throw new Fault.InvalidArgument("Invalid signal: " + text);
    }
    return new Signal(number);
  }

  /** The name with its prefix: {@code SIGTERM}, {@code SIGRTMIN+3}. */
  public String fullName() {
    if (number <= NAMES.size()) {
      return "SIG" + NAMES.get(number - 1);
    }
    return number < RTMIN
        ? "SIG" + number
        : "SIGRTMIN" + (number == RTMIN ? "" : "+" + (number - RTMIN));
  }

  private static Map<String, Integer> numbers() {
    Map<String, Integer> all = new HashMap<>();
    for (int i = 0; i < NAMES.size(); i++) {
      all.put(NAMES.get(i), i + 1);
    }
    all.put("IOT", 6);
    all.put("CLD", 17);
    all.put("POLL", 29);
    for (int i = RTMIN; i <= RTMAX; i++) {
      all.put("RTMIN+" + (i - RTMIN), i);
      all.put("RTMAX-" + (RTMAX - i), i);
    }
    all.put("RTMIN", RTMIN);
    all.put("RTMAX", RTMAX);
    return all;
  }
}
