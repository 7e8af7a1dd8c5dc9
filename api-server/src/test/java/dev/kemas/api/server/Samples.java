package dev.kemas.api.server;

import dev.kemas.api.ContainerInspect;
import dev.kemas.api.ContainerStats;
import dev.kemas.api.ContainerSummary;
import dev.kemas.api.DiskUsage;
import dev.kemas.api.EndpointSettings;
import dev.kemas.api.EventMessage;
import dev.kemas.api.ExecInspect;
import dev.kemas.api.ImageInspect;
import dev.kemas.api.ImageSummary;
import dev.kemas.api.ManifestSummary;
import dev.kemas.api.MountPoint;
import dev.kemas.api.NetworkRecord;
import dev.kemas.api.SystemInfo;
import dev.kemas.api.SystemVersion;
import dev.kemas.api.Timestamps;
import dev.kemas.api.VolumeRecord;
import dev.kemas.container.ContainerConfig;
import dev.kemas.container.HostConfig;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.oci.Platform;
import dev.kemas.oci.ProcessDefaults;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** One of each answer, with every field that can be there. */
final class Samples {
  static final String ID = "a".repeat(64);
  static final String TIME = Timestamps.nano(Instant.parse("2026-01-02T03:04:05.006Z"));

  private Samples() {}

  private static <V> SortedMap<String, V> one(String key, V value) {
    return new TreeMap<>(Map.of(key, value));
  }

  private static Descriptor descriptor() {
    return Descriptor.of("application/vnd.oci.image.manifest.v1+json", new Digest("sha256", ID), 1);
  }

  static DiskUsage diskUsage() {
    return new DiskUsage(
        7,
        Optional.of(List.of(imageSummary())),
        Optional.of(List.of(containerSummary())),
        Optional.of(List.of(volume())),
        Optional.of(
            List.of(
                new DiskUsage.BuildCacheEntry(
                    ID,
                    Optional.of(List.of(ID)),
                    "regular",
                    "a layer",
                    false,
                    true,
                    5,
                    TIME,
                    Optional.of(TIME),
                    2))));
  }

  static EndpointSettings endpoint() {
    return new EndpointSettings(
        Optional.of(new EndpointSettings.Addresses("172.18.0.9", "", List.of())),
        List.of(),
        List.of("web"),
        "02:42:ac:11:00:02",
        Map.of(),
        0,
        ID,
        ID,
        "172.17.0.1",
        "172.17.0.2",
        16,
        "",
        "",
        0,
        List.of("web"));
  }

  static MountPoint mount() {
    return new MountPoint(
        "volume",
        Optional.of("data"),
        "/var/lib/kemas/volumes/data/_data",
        "/data",
        Optional.of("local"),
        "z",
        true,
        "");
  }

  static ContainerSummary containerSummary() {
    return new ContainerSummary(
        ID,
        List.of("/web"),
        "busybox:latest",
        "sha256:" + ID,
        "httpd -f",
        1_700_000_000,
        List.of(
            new ContainerSummary.PortSummary(
                Optional.of("0.0.0.0"), 80, OptionalInt.of(8080), "tcp"),
            new ContainerSummary.PortSummary(Optional.empty(), 443, OptionalInt.empty(), "tcp")),
        OptionalLong.of(1),
        OptionalLong.of(2),
        one("a", "b"),
        "running",
        "Up 5 minutes",
        new ContainerSummary.HostPart("bridge"),
        new ContainerSummary.NetworkPart(one("bridge", endpoint())),
        List.of(mount()));
  }

  static ContainerInspect containerInspect() {
    return new ContainerInspect(
        ID,
        TIME,
        "httpd",
        List.of("-f"),
        new ContainerInspect.State(
            "running",
            true,
            false,
            false,
            false,
            false,
            4711,
            0,
            "",
            TIME,
            Timestamps.NEVER,
            Optional.of(
                new ContainerInspect.Health(
                    "healthy", 0, List.of(new ContainerInspect.Check(TIME, TIME, 0, "ok"))))),
        "sha256:" + ID,
        "/r",
        "/n",
        "/h",
        "/l",
        "/web",
        0,
        "overlay2",
        "linux",
        "",
        "",
        "",
        List.of(ID),
        Json.read(
            "{\"LogConfig\":{\"Type\":\"json-file\"},\"CgroupnsMode\":\"private\"}",
            HostConfig.class,
            "sample"),
        new ContainerInspect.GraphDriver("overlay2", one("MergedDir", "/m")),
        OptionalLong.of(1),
        OptionalLong.of(2),
        List.of(mount()),
        Json.read("{\"Image\":\"busybox\"}", ContainerConfig.class, "sample"),
        new ContainerInspect.NetworkSettings(
            "",
            ID,
            "/run/netns/a",
            new TreeMap<>(
                Map.of(
                    "80/tcp",
                    Optional.of(List.of(new HostConfig.PortBinding("0.0.0.0", "8080"))),
                    "443/tcp",
                    Optional.empty())),
            false,
            "",
            0,
            ID,
            "172.17.0.1",
            "",
            0,
            "172.17.0.2",
            16,
            "",
            "02:42:ac:11:00:02",
            one("bridge", endpoint())));
  }

  static ContainerStats stats() {
    ContainerStats.Cpu cpu =
        new ContainerStats.Cpu(
            new ContainerStats.Usage(3, 1, 2),
            OptionalLong.of(100),
            OptionalLong.of(2),
            new ContainerStats.Throttling(0, 0, 0));
    return new ContainerStats(
        "/web",
        ID,
        TIME,
        TIME,
        new ContainerStats.Pids(OptionalLong.of(1), OptionalLong.empty()),
        new ContainerStats.BlockIo(
            List.of(new ContainerStats.Transfer(8, 0, "read", 4096)), List.of()),
        0,
        Map.of(),
        cpu,
        ContainerStats.Cpu.NONE,
        new ContainerStats.Memory(
            OptionalLong.of(1),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.of(2),
            one("cache", 1L)),
        Optional.of(one("eth0", new ContainerStats.Interface(1, 1, 0, 0, 1, 1, 0, 0))));
  }

  static ExecInspect exec(boolean tty) {
    return new ExecInspect(
        ID,
        false,
        OptionalInt.of(0),
        new ExecInspect.Command(tty, "true", List.of(), false, ""),
        true,
        true,
        true,
        false,
        ID,
        "",
        4712);
  }

  static ImageSummary imageSummary() {
    return new ImageSummary(
        "sha256:" + ID,
        "",
        List.of("busybox:latest"),
        List.of(),
        1_700_000_000,
        4096,
        -1,
        new TreeMap<>(),
        -1,
        Optional.of(descriptor()),
        Optional.of(
            List.of(
                new ManifestSummary(
                    "sha256:" + ID,
                    descriptor(),
                    true,
                    new ManifestSummary.Sizes(3, 8),
                    "image",
                    Optional.of(
                        new ManifestSummary.ImageData(
                            Platform.of("linux", "amd64"),
                            List.of(ID),
                            new ManifestSummary.Unpacked(5))),
                    Optional.empty()))));
  }

  static ImageInspect imageInspect() {
    return new ImageInspect(
        "sha256:" + ID,
        Optional.empty(),
        Optional.empty(),
        List.of("busybox:latest"),
        List.of(),
        "",
        "",
        Optional.of(TIME),
        "",
        "",
        ImageInspect.Config.of(ProcessDefaults.NONE),
        "amd64",
        Optional.empty(),
        "linux",
        4096,
        new ContainerInspect.GraphDriver("overlay2", new TreeMap<>()),
        new ImageInspect.RootFs("layers", List.of("sha256:" + ID)),
        new ImageInspect.Metadata(TIME));
  }

  static VolumeRecord volume() {
    return new VolumeRecord(
        TIME,
        "local",
        new TreeMap<>(),
        "/v",
        "data",
        new TreeMap<>(),
        "local",
        Optional.of(new VolumeRecord.UsageData(1, 1)));
  }

  static NetworkRecord network() {
    return new NetworkRecord(
        "bridge",
        ID,
        TIME,
        "local",
        "bridge",
        true,
        false,
        new NetworkRecord.Ipam(
            "default",
            Map.of(),
            List.of(new NetworkRecord.Range("172.17.0.0/16", "", "172.17.0.1", Map.of()))),
        false,
        false,
        false,
        new NetworkRecord.ConfigFrom(""),
        false,
        one(ID, new NetworkRecord.Member("web", ID, "02:42:ac:11:00:02", "172.17.0.2/16", "")),
        new TreeMap<>(),
        new TreeMap<>());
  }

  static EventMessage event() {
    return new EventMessage(
        Optional.of("start"),
        Optional.of(ID),
        Optional.of("busybox"),
        "container",
        "start",
        new EventMessage.Actor(ID, one("name", "web")),
        "local",
        1_700_000_000,
        1_700_000_000_000_000_000L);
  }

  static SystemVersion version() {
    return new SystemVersion(
        new SystemVersion.Platform("Kemas"),
        List.of(new SystemVersion.Component("Engine", "1", Map.of())),
        "1",
        "1.51",
        "1.24",
        "c",
        "j",
        "linux",
        "amd64",
        "6",
        "");
  }

  static SystemInfo info() {
    return new SystemInfo(
        "id",
        1,
        1,
        0,
        0,
        1,
        "overlay2",
        List.of(List.of("a", "b")),
        new SystemInfo.Plugins(List.of(), List.of(), List.of(), List.of()),
        true,
        true,
        true,
        true,
        true,
        true,
        true,
        true,
        false,
        1,
        false,
        1,
        TIME,
        "json-file",
        "cgroupfs",
        "2",
        0,
        "6",
        "Debian",
        "12",
        "linux",
        "x86_64",
        "https://index.example/v1/",
        new SystemInfo.RegistryConfig(
            List.of(), Map.of("a", new SystemInfo.Index("a", List.of(), true, true)), List.of()),
        2,
        1024,
        "/var/lib/kemas",
        "",
        "",
        "",
        "host",
        List.of(),
        false,
        "1",
        Map.of("crun", new SystemInfo.OciRuntime("crun")),
        "crun",
        SystemInfo.Swarm.INACTIVE,
        true,
        "",
        "init",
        new SystemInfo.Commit(""),
        new SystemInfo.Commit(""),
        new SystemInfo.Commit(""),
        List.of(),
        List.of(new SystemInfo.AddressPool("172.17.0.0/16", 16)),
        new SystemInfo.Firewall("nftables"),
        List.of(),
        List.of());
  }
}
