package dev.kemas.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;

/**
 * What a container uses (Engine API, {@code ContainerStatsResponse}). Times of processors in
 * nanoseconds, sizes in bytes; what this host does not count is left out.
 *
 * @param read RFC 3339
 * @param preread when the readings before were taken
 */
@JsonNaming(SnakeCaseStrategy.class)
public record ContainerStats(
    String name,
    String id,
    String read,
    String preread,
    Pids pidsStats,
    BlockIo blkioStats,
    int numProcs,
    Map<String, Object> storageStats,
    Cpu cpuStats,
    Cpu precpuStats,
    Memory memoryStats,
    Optional<SortedMap<String, Interface>> networks) {

  /** Processes and threads. */
  public record Pids(OptionalLong current, OptionalLong limit) {}

  /** Block devices. */
  @JsonNaming(SnakeCaseStrategy.class)
  public record BlockIo(
      List<Transfer> ioServiceBytesRecursive, List<Transfer> ioServicedRecursive) {}

  /** A count for one device and one kind of operation. */
  public record Transfer(long major, long minor, String op, long value) {}

  /** Processors. */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Cpu(
      Usage cpuUsage,
      OptionalLong systemCpuUsage,
      OptionalLong onlineCpus,
      Throttling throttlingData) {

    /** Before anything was read. */
    public static final Cpu NONE =
        new Cpu(
            new Usage(0, 0, 0),
            OptionalLong.empty(),
            OptionalLong.empty(),
            new Throttling(0, 0, 0));
  }

  /** Time used. */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Usage(long totalUsage, long usageInKernelmode, long usageInUsermode) {}

  /** Time withheld. */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Throttling(long periods, long throttledPeriods, long throttledTime) {}

  /** Memory; stats are the kernel's own names. */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Memory(
      OptionalLong usage,
      OptionalLong maxUsage,
      OptionalLong failcnt,
      OptionalLong limit,
      SortedMap<String, Long> stats) {}

  /** One network interface. */
  public record Interface(
      @JsonProperty("rx_bytes") long rxBytes,
      @JsonProperty("rx_packets") long rxPackets,
      @JsonProperty("rx_errors") long rxErrors,
      @JsonProperty("rx_dropped") long rxDropped,
      @JsonProperty("tx_bytes") long txBytes,
      @JsonProperty("tx_packets") long txPackets,
      @JsonProperty("tx_errors") long txErrors,
      @JsonProperty("tx_dropped") long txDropped) {}
}
