package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The resource limits of this process (getrlimit(2)), by names such as {@code RLIMIT_NOFILE}. A
 * process without CAP_SYS_RESOURCE can give to those that it starts no more than its own hard
 * limits.
 */
public final class ResourceLimits {
  private static final Libc.Call PRLIMIT = Libc.bind("prlimit", 4);

  /** By number, as asm-generic/resource.h has them. */
  private static final List<String> NAMES =
      List.of(
          "RLIMIT_CPU",
          "RLIMIT_FSIZE",
          "RLIMIT_DATA",
          "RLIMIT_STACK",
          "RLIMIT_CORE",
          "RLIMIT_RSS",
          "RLIMIT_NPROC",
          "RLIMIT_NOFILE",
          "RLIMIT_MEMLOCK",
          "RLIMIT_AS",
          "RLIMIT_LOCKS",
          "RLIMIT_SIGPENDING",
          "RLIMIT_MSGQUEUE",
          "RLIMIT_NICE",
          "RLIMIT_RTPRIO",
          "RLIMIT_RTTIME");

  private ResourceLimits() {}

  /** A limit; -1 is none. */
  public record Limit(long soft, long hard) {}

  /** All limits of this process. */
  public static Map<String, Limit> all() {
    Map<String, Limit> limits = new LinkedHashMap<>();
    try (Scratch s = Scratch.take()) {
      MemorySegment old = s.room(16);
      for (int i = 0; i < NAMES.size(); i++) {
        check(PRLIMIT.asInt(s, 0, i, 0, old.address()), NAMES.get(i));
        limits.put(
            NAMES.get(i),
            new Limit(old.get(ValueLayout.JAVA_LONG, 0), old.get(ValueLayout.JAVA_LONG, 8)));
      }
    }
    return limits;
  }

  /**
   * Sets a limit of this process.
   *
   * @throws Fault.Forbidden when the hard limit would be raised without CAP_SYS_RESOURCE
   */
  public static void set(String name, Limit limit) {
    int number = NAMES.indexOf(name);
    if (number < 0) {
      throw new Fault.InvalidArgument("no such resource limit: " + name);
    }
    try (Scratch s = Scratch.take()) {
      MemorySegment now = s.room(16);
      now.set(ValueLayout.JAVA_LONG, 0, limit.soft());
      now.set(ValueLayout.JAVA_LONG, 8, limit.hard());
      check(PRLIMIT.asInt(s, 0, number, now.address(), 0), name);
    }
  }

  private static void check(int result, String name) {
    if (result < 0) {
      throw Failure.of(result, "prlimit", name);
    }
  }
}
