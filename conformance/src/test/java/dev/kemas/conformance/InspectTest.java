package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What inspect shows whether it is set or not, so that a template finds it. */
final class InspectTest extends Engines {
  @AfterEach
  void forget() throws IOException, InterruptedException {
    tryDocker("rm", "-f", "plain");
  }

  private JsonNode raw(String kind, String name) throws IOException, InterruptedException {
    return new ObjectMapper().readTree(docker(kind, "inspect", name)).get(0);
  }

  private static void shows(JsonNode object, String... fields) {
    assertThat(object.properties()).extracting(Map.Entry::getKey).contains(fields);
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker", "kemas"})
  void aTemplateFindsWhatIsNotSet(String client) throws IOException, InterruptedException {
    docker("create", "--name", "plain", "busybox", "true");
    assertThat(daemon.ok(client, "inspect", "-f", "{{.Config.Entrypoint}}", "plain"))
        .isEqualTo("[]\n");
    assertThat(daemon.ok(client, "inspect", "-f", "{{json .Config.Entrypoint}}", "plain"))
        .isEqualTo("null\n");
    assertThat(daemon.ok(client, "image", "inspect", "-f", "{{.Config.Entrypoint}}", "busybox"))
        .isEqualTo("[]\n");
    assertThat(daemon.ok(client, "image", "inspect", "-f", "{{.Config.User}}", "busybox"))
        .isEqualTo("\n");
  }

  @Test
  void aContainerShowsWhatIsAlwaysShown() throws IOException, InterruptedException {
    docker("create", "--name", "plain", "busybox", "true");
    JsonNode plain = raw("container", "plain");
    shows(
        plain,
        ("Id Created Path Args State Image ResolvConfPath HostnamePath HostsPath LogPath Name"
                + " RestartCount Driver Platform MountLabel ProcessLabel AppArmorProfile ExecIDs"
                + " HostConfig GraphDriver Mounts Config NetworkSettings")
            .split(" "));
    shows(
        plain.get("Config"),
        ("Hostname Domainname User AttachStdin AttachStdout AttachStderr Tty OpenStdin StdinOnce Env"
                + " Cmd Image Volumes WorkingDir Entrypoint OnBuild Labels")
            .split(" "));
    assertThat(plain.get("Config").get("Entrypoint").isNull()).isTrue();
    JsonNode host = plain.get("HostConfig");
    shows(
        host,
        ("Binds ContainerIDFile LogConfig NetworkMode PortBindings RestartPolicy AutoRemove"
                + " VolumeDriver VolumesFrom ConsoleSize CapAdd CapDrop CgroupnsMode Dns DnsOptions"
                + " DnsSearch ExtraHosts GroupAdd IpcMode Cgroup Links OomScoreAdj PidMode"
                + " Privileged PublishAllPorts ReadonlyRootfs SecurityOpt UTSMode UsernsMode ShmSize"
                + " Runtime Isolation CpuShares Memory NanoCpus CgroupParent BlkioWeight"
                + " BlkioWeightDevice BlkioDeviceReadBps BlkioDeviceWriteBps BlkioDeviceReadIOps"
                + " BlkioDeviceWriteIOps CpuPeriod CpuQuota CpuRealtimePeriod CpuRealtimeRuntime"
                + " CpusetCpus CpusetMems Devices DeviceCgroupRules DeviceRequests"
                + " MemoryReservation MemorySwap MemorySwappiness OomKillDisable PidsLimit Ulimits"
                + " CpuCount CpuPercent IOMaximumIOps IOMaximumBandwidth MaskedPaths ReadonlyPaths")
            .split(" "));
    assertThat(host.get("MaskedPaths").toString()).contains("/proc/kcore");
    shows(
        plain.get("NetworkSettings"),
        "Bridge",
        "SandboxID",
        "SandboxKey",
        "Ports",
        "SecondaryIPAddresses",
        "SecondaryIPv6Addresses",
        "Networks");
    shows(
        plain.get("NetworkSettings").get("Networks").get("bridge"),
        "IPAMConfig",
        "Links",
        "Aliases",
        "DriverOpts",
        "NetworkID");
  }

  @Test
  void anImageShowsWhatIsAlwaysShown() throws IOException, InterruptedException {
    JsonNode config = raw("image", "busybox").get("Config");
    shows(config, "User", "Env", "Cmd", "Volumes", "WorkingDir", "Entrypoint", "OnBuild", "Labels");
  }
}
