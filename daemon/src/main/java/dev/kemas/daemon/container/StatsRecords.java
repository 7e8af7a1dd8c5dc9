package dev.kemas.daemon.container;

import dev.kemas.api.ContainerStats;
import dev.kemas.api.Timestamps;
import dev.kemas.cgroup.CgroupStats;
import dev.kemas.engine.Container;
import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** From a cgroup's numbers to the API's. */
final class StatsRecords {
  /** What the kernel counts processor time in, for programs (proc(5), USER_HZ). */
  private static final long NANOS_PER_TICK = 10_000_000;

  private StatsRecords() {}

  static ContainerStats of(
      Container c, Optional<CgroupStats> used, Optional<ContainerStats> before) {
    return new ContainerStats(
        "/" + c.name(),
        c.id(),
        used.isEmpty() ? Timestamps.NEVER : Timestamps.nano(Instant.now()),
        before.map(ContainerStats::read).orElse(Timestamps.NEVER),
        used.map(u -> pids(u.pids()))
            .orElse(new ContainerStats.Pids(OptionalLong.empty(), OptionalLong.empty())),
        used.map(u -> io(u.io())).orElse(new ContainerStats.BlockIo(List.of(), List.of())),
        0,
        Map.of(),
        used.map(u -> cpu(u.cpu())).orElse(ContainerStats.Cpu.NONE),
        before.map(ContainerStats::cpuStats).orElse(ContainerStats.Cpu.NONE),
        used.map(u -> memory(u.memory()))
            .orElse(
                new ContainerStats.Memory(
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    new TreeMap<>())),
        c.state().isAlive() ? Optional.of(interfaces(c.state().processId())) : Optional.empty());
  }

  private static ContainerStats.Pids pids(CgroupStats.Pids pids) {
    return new ContainerStats.Pids(OptionalLong.of(pids.current()), pids.limit());
  }

  private static ContainerStats.BlockIo io(List<CgroupStats.Io> devices) {
    List<ContainerStats.Transfer> bytes = new ArrayList<>();
    List<ContainerStats.Transfer> operations = new ArrayList<>();
    for (CgroupStats.Io io : devices) {
      bytes.add(new ContainerStats.Transfer(io.major(), io.minor(), "read", io.readBytes()));
      bytes.add(new ContainerStats.Transfer(io.major(), io.minor(), "write", io.writtenBytes()));
      operations.add(new ContainerStats.Transfer(io.major(), io.minor(), "read", io.reads()));
      operations.add(new ContainerStats.Transfer(io.major(), io.minor(), "write", io.writes()));
    }
    return new ContainerStats.BlockIo(bytes, operations);
  }

  private static ContainerStats.Cpu cpu(CgroupStats.Cpu cpu) {
    return new ContainerStats.Cpu(
        new ContainerStats.Usage(cpu.usage(), cpu.system(), cpu.user()),
        OptionalLong.of(systemTime()),
        OptionalLong.of(Runtime.getRuntime().availableProcessors()),
        new ContainerStats.Throttling(cpu.periods(), cpu.throttledPeriods(), cpu.throttled()));
  }

  /** What all processors did since the machine came up, idle time included. */
  private static long systemTime() {
    String line = read(Path.of("/proc/stat")).lines().findFirst().orElse("");
    String[] words = line.strip().split("\\s+", -1);
    long ticks = 0;
    for (int i = 1; i < Math.min(words.length, 9); i++) {
      ticks += Long.parseLong(words[i]);
    }
    return ticks * NANOS_PER_TICK;
  }

  private static ContainerStats.Memory memory(CgroupStats.Memory memory) {
    return new ContainerStats.Memory(
        OptionalLong.of(memory.usage()),
        memory.peak(),
        OptionalLong.of(memory.failures()),
        OptionalLong.of(memory.limit().orElseGet(StatsRecords::machineMemory)),
        new TreeMap<>(memory.details()));
  }

  private static long machineMemory() {
    return read(Path.of("/proc/meminfo"))
        .lines()
        .filter(line -> line.startsWith("MemTotal:"))
        .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElse(0L);
  }

  private static SortedMap<String, ContainerStats.Interface> interfaces(int pid) {
    SortedMap<String, ContainerStats.Interface> interfaces = new TreeMap<>();
    read(Path.of("/proc/" + pid + "/net/dev"))
        .lines()
        .skip(2)
        .map(line -> line.strip().split("[:\\s]+", -1))
        .filter(words -> words.length >= 13 && !words[0].equals("lo"))
        .forEach(words -> interfaces.put(words[0], counters(words)));
    return interfaces;
  }

  /** Bytes, packets, errors and drops, received from the first and sent from the ninth on. */
  private static ContainerStats.Interface counters(String[] words) {
    long[] n = new long[13];
    for (int i = 1; i < n.length; i++) {
      n[i] = Long.parseLong(words[i]);
    }
    return new ContainerStats.Interface(n[1], n[2], n[3], n[4], n[9], n[10], n[11], n[12]);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      return ""; // the process ended meanwhile
    } catch (IOException e) {
      throw new Fault.Internal("cannot read " + file + ": " + e, e);
    }
  }
}
