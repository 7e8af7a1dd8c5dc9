package dev.kemas.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.container.HostConfig;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;
import dev.kemas.oci.RuntimeSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class SpecBuilderTest {
  private static final HostFacts HOST =
      new HostFacts(
          Set.copyOf(
              CapabilityRules.ALL.stream().filter(c -> !c.equals("CAP_SYS_RESOURCE")).toList()),
          true,
          false,
          true,
          Optional.empty(),
          Map.of("RLIMIT_NOFILE", 4096L),
          true,
          "amd64");

  private static RuntimeSpec build(String hostConfig, RuntimeSpec.Mount... mounts) {
    return build(hostConfig, SpecInput.Namespaces.withNetwork("/run/ns/x"), mounts);
  }

  private static RuntimeSpec build(
      String hostConfig, SpecInput.Namespaces namespaces, RuntimeSpec.Mount... mounts) {
    return SpecBuilder.build(
        new SpecInput(
            List.of("sh", "-c", "true"),
            List.of("A=b"),
            "/",
            RuntimeSpec.User.root(),
            "/root",
            false,
            Optional.empty(),
            "/rootfs",
            "box",
            "",
            List.of(mounts),
            namespaces,
            "/kemas/x",
            Optional.empty(),
            List.of(),
            Json.read(hostConfig, HostConfig.class, "host configuration"),
            new TreeMap<>(),
            HOST));
  }

  private static RuntimeSpec.Process process(RuntimeSpec spec) {
    return spec.process().orElseThrow();
  }

  private static RuntimeSpec.Linux linux(RuntimeSpec spec) {
    return spec.linux().orElseThrow();
  }

  private static List<String> capabilities(RuntimeSpec spec) {
    return process(spec).capabilities().orElseThrow().bounding();
  }

  @Test
  void aPlainContainerHasDockersDefaults() {
    RuntimeSpec spec = build("{}");
    assertThat(capabilities(spec))
        .hasSize(14)
        .contains("CAP_NET_RAW")
        .doesNotContain("CAP_SYS_ADMIN");
    assertThat(linux(spec).maskedPaths()).contains("/proc/kcore", "/sys/firmware");
    assertThat(linux(spec).readonlyPaths()).contains("/proc/sys");
    assertThat(linux(spec).seccomp()).isPresent();
    assertThat(process(spec).env())
        .containsExactly(
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOSTNAME=box",
            "A=b",
            "HOME=/root");
    assertThat(spec.mounts())
        .extracting(RuntimeSpec.Mount::destination)
        .contains("/proc", "/sys", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/sys/fs/cgroup");
    assertThat(linux(spec).resources().orElseThrow().devices().getFirst().allow()).isFalse();
  }

  @Test
  void parentsAreMountedBeforeChildren() {
    RuntimeSpec spec =
        build(
            "{}",
            RuntimeSpec.Mount.of("/a/b", "bind", "/x", "rbind"),
            RuntimeSpec.Mount.of("/a", "bind", "/y", "rbind"),
            RuntimeSpec.Mount.of("/dev/shm", "bind", "/z", "rbind"));
    List<String> targets = spec.mounts().stream().map(RuntimeSpec.Mount::destination).toList();
    assertThat(targets).doesNotHaveDuplicates();
    assertThat(targets.indexOf("/a")).isLessThan(targets.indexOf("/a/b"));
    assertThat(targets.indexOf("/dev")).isLessThan(targets.indexOf("/dev/shm"));
    assertThat(spec.mounts()).anyMatch(m -> m.source().equals(Optional.of("/z")));
  }

  @Test
  void capabilitiesAreAddedAndDropped() {
    assertThat(capabilities(build("{\"CapDrop\":[\"ALL\"],\"CapAdd\":[\"net_admin\"]}")))
        .containsExactly("CAP_NET_ADMIN");
    assertThat(capabilities(build("{\"CapAdd\":[\"ALL\"],\"CapDrop\":[\"CAP_SYS_ADMIN\"]}")))
        .doesNotContain("CAP_SYS_ADMIN", "CAP_SYS_RESOURCE")
        .contains("CAP_SYS_PTRACE");
    assertThatThrownBy(() -> build("{\"CapAdd\":[\"CAP_FLY\"]}"))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("CAP_FLY");
    assertThatThrownBy(() -> build("{\"CapAdd\":[\"SYS_RESOURCE\"]}"))
        .isInstanceOf(Fault.Forbidden.class);
  }

  @Test
  void aPrivilegedContainerSeesAllButAsksNoMoreThanTheEngineHas() {
    RuntimeSpec spec = build("{\"Privileged\":true}");
    assertThat(capabilities(spec)).hasSize(CapabilityRules.ALL.size() - 1);
    assertThat(linux(spec).seccomp()).isEmpty();
    assertThat(linux(spec).maskedPaths()).isEmpty();
    assertThat(linux(spec).resources().orElseThrow().devices())
        .singleElement()
        .matches(RuntimeSpec.DeviceRule::allow);
  }

  @Test
  void theFilterFollowsTheCapabilities() {
    assertThat(allowed(build("{}"))).contains("openat2").doesNotContain("mount", "clone3");
    assertThat(allowed(build("{\"CapAdd\":[\"SYS_ADMIN\"]}"))).contains("mount", "clone3");
    assertThat(linux(build("{\"SecurityOpt\":[\"seccomp=unconfined\"]}")).seccomp()).isEmpty();
  }

  private static List<String> allowed(RuntimeSpec spec) {
    return linux(spec).seccomp().orElseThrow().syscalls().getFirst().names();
  }

  @Test
  void aProfileOfTheUsersOwnReplacesTheDefault() {
    String profile =
        "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"archMap\":[{\"architecture\":\"SCMP_ARCH_X86_64\","
            + "\"subArchitectures\":[\"SCMP_ARCH_X86\"]}],\"syscalls\":[{\"names\":[\"chmod\"],"
            + "\"action\":\"SCMP_ACT_ERRNO\"},{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ERRNO\","
            + "\"includes\":{\"caps\":[\"CAP_SYS_ADMIN\"]}}]}";
    RuntimeSpec.Seccomp seccomp =
        linux(build("{\"SecurityOpt\":[" + Json.text("seccomp=" + profile) + "]}"))
            .seccomp()
            .orElseThrow();
    assertThat(seccomp.architectures()).containsExactly("SCMP_ARCH_X86_64", "SCMP_ARCH_X86");
    assertThat(seccomp.syscalls()).singleElement().matches(r -> r.names().contains("chmod"));
  }

  @Test
  void limitsComeInTheKernelsUnits() {
    RuntimeSpec.Resources resources =
        linux(build("{\"Memory\":67108864,\"NanoCpus\":1500000000,\"PidsLimit\":20}"))
            .resources()
            .orElseThrow();
    assertThat(resources.memory().orElseThrow().limit()).hasValue(67108864);
    assertThat(resources.memory().orElseThrow().swap()).hasValue(134217728);
    assertThat(resources.cpu().orElseThrow().quota()).hasValue(150000);
    assertThat(resources.pids().orElseThrow().limit()).isEqualTo(20);
    assertThat(linux(build("{\"PidsLimit\":-1}")).resources().orElseThrow().pids()).isEmpty();
  }

  @Test
  void aLimitOverTheHostsIsLoweredToIt() {
    RuntimeSpec spec =
        build("{\"Ulimits\":[{\"Name\":\"nofile\",\"Soft\":1048576,\"Hard\":1048576}]}");
    assertThat(process(spec).rlimits())
        .containsExactly(new RuntimeSpec.Rlimit("RLIMIT_NOFILE", 4096, 4096));
    assertThatThrownBy(() -> build("{\"Ulimits\":[{\"Name\":\"wings\",\"Soft\":1,\"Hard\":1}]}"))
        .hasMessage("invalid ulimit type: wings");
  }

  @Test
  void theHostsNetworkBringsTheHostsSys() {
    SpecInput.Source fresh = new SpecInput.Source.Fresh();
    RuntimeSpec spec =
        build(
            "{}",
            new SpecInput.Namespaces(fresh, new SpecInput.Source.Host(), fresh, fresh, fresh));
    assertThat(linux(spec).namespaces())
        .extracting(RuntimeSpec.Namespace::type)
        .doesNotContain("network");
    assertThat(spec.mounts())
        .filteredOn(m -> m.destination().equals("/sys"))
        .singleElement()
        .matches(m -> m.type().equals(Optional.of("bind")));
  }

  @Test
  void onlyNamespacedSysctlsAreAllowed() {
    assertThat(linux(build("{\"Sysctls\":{\"net.core.somaxconn\":\"99\"}}")).sysctl())
        .containsEntry("net.core.somaxconn", "99");
    assertThatThrownBy(() -> build("{\"Sysctls\":{\"vm.swappiness\":\"1\"}}"))
        .hasMessage("sysctl 'vm.swappiness' is not allowed");
  }
}
