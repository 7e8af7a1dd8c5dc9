package dev.kemas.container;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Limits of a container, all changeable while it runs (Engine API, {@code Resources}).
 *
 * @param memory bytes; 0 is without limit
 * @param memorySwap bytes of memory plus swap; -1 is without limit, 0 is twice the memory
 * @param nanoCpus processors times 10^9; 0 is without limit
 * @param cpuPeriod microseconds
 * @param cpuQuota microseconds in a period
 * @param pidsLimit absent and 0 and -1 are without limit
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Resources(
    @JsonProperty("CpuShares") long cpuShares,
    @JsonProperty("Memory") long memory,
    @JsonProperty("NanoCpus") long nanoCpus,
    @JsonProperty("CgroupParent") String cgroupParent,
    @JsonProperty("BlkioWeight") int blkioWeight,
    @JsonProperty("BlkioWeightDevice") List<WeightDevice> blkioWeightDevice,
    @JsonProperty("BlkioDeviceReadBps") List<ThrottleDevice> blkioDeviceReadBps,
    @JsonProperty("BlkioDeviceWriteBps") List<ThrottleDevice> blkioDeviceWriteBps,
    @JsonProperty("BlkioDeviceReadIOps") List<ThrottleDevice> blkioDeviceReadIops,
    @JsonProperty("BlkioDeviceWriteIOps") List<ThrottleDevice> blkioDeviceWriteIops,
    @JsonProperty("CpuPeriod") long cpuPeriod,
    @JsonProperty("CpuQuota") long cpuQuota,
    @JsonProperty("CpuRealtimePeriod") long cpuRealtimePeriod,
    @JsonProperty("CpuRealtimeRuntime") long cpuRealtimeRuntime,
    @JsonProperty("CpusetCpus") String cpusetCpus,
    @JsonProperty("CpusetMems") String cpusetMems,
    @JsonProperty("Devices") List<DeviceMapping> devices,
    @JsonProperty("DeviceCgroupRules") List<String> deviceCgroupRules,
    @JsonProperty("DeviceRequests") List<DeviceRequest> deviceRequests,
    @JsonProperty("MemoryReservation") long memoryReservation,
    @JsonProperty("MemorySwap") long memorySwap,
    @JsonProperty("MemorySwappiness") @JsonInclude(JsonInclude.Include.ALWAYS)
        OptionalLong memorySwappiness,
    @JsonProperty("OomKillDisable") @JsonInclude(JsonInclude.Include.ALWAYS)
        Optional<Boolean> oomKillDisable,
    @JsonProperty("PidsLimit") @JsonInclude(JsonInclude.Include.ALWAYS) OptionalLong pidsLimit,
    @JsonProperty("Ulimits") List<Ulimit> ulimits) {

  public Resources {
    cgroupParent = Absent.text(cgroupParent);
    blkioWeightDevice = Absent.list(blkioWeightDevice);
    blkioDeviceReadBps = Absent.list(blkioDeviceReadBps);
    blkioDeviceWriteBps = Absent.list(blkioDeviceWriteBps);
    blkioDeviceReadIops = Absent.list(blkioDeviceReadIops);
    blkioDeviceWriteIops = Absent.list(blkioDeviceWriteIops);
    cpusetCpus = Absent.text(cpusetCpus);
    cpusetMems = Absent.text(cpusetMems);
    devices = Absent.list(devices);
    deviceCgroupRules = Absent.list(deviceCgroupRules);
    deviceRequests = Absent.list(deviceRequests);
    ulimits = Absent.list(ulimits);
  }

  /** Windows only, but always shown. */
  @JsonProperty(value = "CpuCount", access = JsonProperty.Access.READ_ONLY)
  public long cpuCount() {
    return 0;
  }

  /** Windows only, but always shown. */
  @JsonProperty(value = "CpuPercent", access = JsonProperty.Access.READ_ONLY)
  public long cpuPercent() {
    return 0;
  }

  /** Windows only, but always shown. */
  @JsonProperty(value = "IOMaximumIOps", access = JsonProperty.Access.READ_ONLY)
  public long ioMaximumIops() {
    return 0;
  }

  /** Windows only, but always shown. */
  @JsonProperty(value = "IOMaximumBandwidth", access = JsonProperty.Access.READ_ONLY)
  public long ioMaximumBandwidth() {
    return 0;
  }

  /** A block device's share, 10 to 1000. */
  public record WeightDevice(
      @JsonProperty("Path") String path, @JsonProperty("Weight") int weight) {}

  /** A block device's greatest rate, in bytes or operations a second. */
  public record ThrottleDevice(
      @JsonProperty("Path") String path, @JsonProperty("Rate") long rate) {}

  /** A device of the host and where the container sees it; permissions of {@code rwm}. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record DeviceMapping(
      @JsonProperty("PathOnHost") String pathOnHost,
      @JsonProperty("PathInContainer") String pathInContainer,
      @JsonProperty("CgroupPermissions") String cgroupPermissions) {
    public DeviceMapping {
      pathOnHost = Absent.text(pathOnHost);
      pathInContainer = Absent.text(pathInContainer);
      cgroupPermissions = Absent.text(cgroupPermissions);
    }
  }

  /** Devices wished for by a driver's words ({@code --gpus}); count -1 is all. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record DeviceRequest(
      @JsonProperty("Driver") String driver,
      @JsonProperty("Count") int count,
      @JsonProperty("DeviceIDs") List<String> deviceIds,
      @JsonProperty("Capabilities") List<List<String>> capabilities,
      @JsonProperty("Options") Map<String, String> options) {
    public DeviceRequest {
      driver = Absent.text(driver);
      deviceIds = Absent.list(deviceIds);
      capabilities = Absent.list(capabilities);
      options = Absent.map(options);
    }
  }

  /** A resource limit by its short name, e.g. {@code nofile}. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Ulimit(
      @JsonProperty("Name") String name,
      @JsonProperty("Soft") long soft,
      @JsonProperty("Hard") long hard) {}
}
