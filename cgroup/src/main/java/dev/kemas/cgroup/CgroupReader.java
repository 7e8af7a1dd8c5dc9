package dev.kemas.cgroup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Reads the control files of a cgroup (cgroup-v1/*.rst, cgroup-v2.rst). */
final class CgroupReader {
  /** What version 1 says for no limit: the greatest number of whole pages. */
  private static final long NO_LIMIT = 0x7FFFFFFFFFFFF000L;

  /** USER_HZ, the unit of cpuacct.stat: a hundredth of a second on every architecture served. */
  private static final long TICK = 10_000_000L;

  private CgroupReader() {}

  static CgroupStats read(Cgroup cgroup, Map<String, Path> version1) {
    Optional<Path> unified = cgroup.unified();
    return new CgroupStats(
        version1.containsKey("cpuacct")
            ? cpu1(version1.get("cpuacct"), version1.getOrDefault("cpu", version1.get("cpuacct")))
            : unified.map(CgroupReader::cpu2).orElse(CgroupStats.Cpu.NONE),
        version1.containsKey("memory")
            ? memory1(version1.get("memory"))
            : unified.map(CgroupReader::memory2).orElse(CgroupStats.Memory.NONE),
        cgroup.folder("pids").map(CgroupReader::pids).orElse(CgroupStats.Pids.NONE),
        version1.containsKey("blkio")
            ? io1(version1.get("blkio"))
            : unified.map(CgroupReader::io2).orElse(List.of()));
  }

  private static CgroupStats.Cpu cpu1(Path accounting, Path quota) {
    Map<String, Long> split = table(accounting.resolve("cpuacct.stat"));
    Map<String, Long> throttling = table(quota.resolve("cpu.stat"));
    List<Long> perCpu = new ArrayList<>();
    for (String one :
        Cgroups.words(Cgroups.readOrEmpty(accounting.resolve("cpuacct.usage_percpu")))) {
      perCpu.add(Long.valueOf(one));
    }
    return new CgroupStats.Cpu(
        number(accounting.resolve("cpuacct.usage")).orElse(0),
        split.getOrDefault("user", 0L) * TICK,
        split.getOrDefault("system", 0L) * TICK,
        perCpu,
        throttling.getOrDefault("nr_periods", 0L),
        throttling.getOrDefault("nr_throttled", 0L),
        throttling.getOrDefault("throttled_time", 0L));
  }

  private static CgroupStats.Cpu cpu2(Path folder) {
    Map<String, Long> s = table(folder.resolve("cpu.stat"));
    return new CgroupStats.Cpu(
        s.getOrDefault("usage_usec", 0L) * 1000,
        s.getOrDefault("user_usec", 0L) * 1000,
        s.getOrDefault("system_usec", 0L) * 1000,
        List.of(),
        s.getOrDefault("nr_periods", 0L),
        s.getOrDefault("nr_throttled", 0L),
        s.getOrDefault("throttled_usec", 0L) * 1000);
  }

  private static CgroupStats.Memory memory1(Path folder) {
    OptionalLong limit = number(folder.resolve("memory.limit_in_bytes"));
    return new CgroupStats.Memory(
        number(folder.resolve("memory.usage_in_bytes")).orElse(0),
        number(folder.resolve("memory.max_usage_in_bytes")),
        limit.isPresent() && limit.getAsLong() < NO_LIMIT ? limit : OptionalLong.empty(),
        number(folder.resolve("memory.failcnt")).orElse(0),
        table(folder.resolve("memory.oom_control")).getOrDefault("oom_kill", 0L),
        table(folder.resolve("memory.stat")));
  }

  private static CgroupStats.Memory memory2(Path folder) {
    Map<String, Long> events = table(folder.resolve("memory.events"));
    return new CgroupStats.Memory(
        number(folder.resolve("memory.current")).orElse(0),
        number(folder.resolve("memory.peak")),
        number(folder.resolve("memory.max")),
        events.getOrDefault("max", 0L),
        events.getOrDefault("oom_kill", 0L),
        table(folder.resolve("memory.stat")));
  }

  private static CgroupStats.Pids pids(Path folder) {
    return new CgroupStats.Pids(
        number(folder.resolve("pids.current")).orElse(0), number(folder.resolve("pids.max")));
  }

  /** Lines of {@code 8:0 Read 4096}; the recursive files count what is below as well. */
  private static List<CgroupStats.Io> io1(Path folder) {
    Map<String, Map<String, Long>> bytes = devices(folder, "blkio.throttle.io_service_bytes");
    Map<String, Map<String, Long>> operations = devices(folder, "blkio.throttle.io_serviced");
    List<CgroupStats.Io> all = new ArrayList<>();
    bytes.forEach((device, b) -> {
      Map<String, Long> o = operations.getOrDefault(device, Map.of());
      all.add(
          io(
              device,
              b.getOrDefault("Read", 0L),
              b.getOrDefault("Write", 0L),
              o.getOrDefault("Read", 0L),
              o.getOrDefault("Write", 0L)));
    });
    return all;
  }

  private static Map<String, Map<String, Long>> devices(Path folder, String file) {
    Path recursive = folder.resolve(file + "_recursive");
    String text = Cgroups.readOrEmpty(Files.exists(recursive) ? recursive : folder.resolve(file));
    Map<String, Map<String, Long>> all = new TreeMap<>();
    for (String line : text.split("\n", -1)) {
      List<String> words = Cgroups.words(line);
      if (words.size() == 3) {
        all.computeIfAbsent(words.get(0), d -> new HashMap<>())
            .put(words.get(1), Long.valueOf(words.get(2)));
      }
    }
    return all;
  }

  /** Lines of {@code 8:0 rbytes=1 wbytes=2 rios=3 wios=4 ...}. */
  private static List<CgroupStats.Io> io2(Path folder) {
    List<CgroupStats.Io> all = new ArrayList<>();
    for (String line : Cgroups.readOrEmpty(folder.resolve("io.stat")).split("\n", -1)) {
      List<String> words = Cgroups.words(line);
      Map<String, Long> values = new HashMap<>();
      for (String word : words) {
        int is = word.indexOf('=');
        if (is > 0) {
          values.put(word.substring(0, is), Long.valueOf(word.substring(is + 1)));
        }
      }
      if (!values.isEmpty()) {
        all.add(
            io(
                words.getFirst(),
                values.getOrDefault("rbytes", 0L),
                values.getOrDefault("wbytes", 0L),
                values.getOrDefault("rios", 0L),
                values.getOrDefault("wios", 0L)));
      }
    }
    return all;
  }

  private static CgroupStats.Io io(String device, long rb, long wb, long r, long w) {
    int colon = device.indexOf(':');
    return new CgroupStats.Io(
        Integer.parseInt(device.substring(0, colon)),
        Integer.parseInt(device.substring(colon + 1)),
        rb,
        wb,
        r,
        w);
  }

  /** A file of one number; empty when it is missing or says {@code max}. */
  private static OptionalLong number(Path file) {
    String text = Cgroups.readOrEmpty(file).strip();
    return text.isEmpty() || text.equals("max")
        ? OptionalLong.empty()
        : OptionalLong.of(Long.parseLong(text));
  }

  /** A file of lines with a name and a number. */
  private static Map<String, Long> table(Path file) {
    Map<String, Long> all = new HashMap<>();
    for (String line : Cgroups.readOrEmpty(file).split("\n", -1)) {
      List<String> words = Cgroups.words(line);
      if (words.size() == 2) {
        all.put(words.get(0), Long.valueOf(words.get(1)));
      }
    }
    return all;
  }
}
