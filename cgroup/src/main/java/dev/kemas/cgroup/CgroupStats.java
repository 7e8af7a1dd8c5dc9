package dev.kemas.cgroup;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a cgroup has used, the same whichever version of cgroups it was read from. A controller that
 * is not there leaves its part at zero or empty.
 */
public record CgroupStats(Cpu cpu, Memory memory, Pids pids, List<Io> io) {
  public CgroupStats {
    io = List.copyOf(io);
  }

  /**
   * Processor time in nanoseconds.
   *
   * @param perCpu by processor; empty with version 2, which does not count it
   * @param periods how many periods of a quota have passed
   * @param throttledPeriods in how many of them the quota was used up
   * @param throttled how long it had to wait for that
   */
  public record Cpu(
      long usage,
      long user,
      long system,
      List<Long> perCpu,
      long periods,
      long throttledPeriods,
      long throttled) {
    static final Cpu NONE = new Cpu(0, 0, 0, List.of(), 0, 0, 0);

    public Cpu {
      perCpu = List.copyOf(perCpu);
    }
  }

  /**
   * Memory in bytes.
   *
   * @param usage page cache included
   * @param peak the most that it ever was; empty where the kernel does not keep it
   * @param limit empty when there is none
   * @param failures how often the limit was hit
   * @param oomKills how many processes were killed for want of memory
   * @param details the lines of memory.stat
   */
  public record Memory(
      long usage,
      OptionalLong peak,
      OptionalLong limit,
      long failures,
      long oomKills,
      Map<String, Long> details) {
    static final Memory NONE =
        new Memory(0, OptionalLong.empty(), OptionalLong.empty(), 0, 0, Map.of());

    public Memory {
      details = Map.copyOf(details);
    }

    /** Page cache that can be dropped at once; usage less this is what people call used. */
    public long inactiveFile() {
      Long whole = details.get("total_inactive_file");
      return whole == null ? details.getOrDefault("inactive_file", 0L) : whole;
    }
  }

  /** How many processes and threads there are; the limit is empty when there is none. */
  public record Pids(long current, OptionalLong limit) {
    static final Pids NONE = new Pids(0, OptionalLong.empty());
  }

  /** What went to and came from one block device. */
  public record Io(
      int major, int minor, long readBytes, long writtenBytes, long reads, long writes) {}
}
