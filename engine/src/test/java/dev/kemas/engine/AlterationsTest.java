package dev.kemas.engine;

import static dev.kemas.engine.Lab.NO_NETWORK;
import static dev.kemas.engine.Lab.host;
import static dev.kemas.engine.Lab.noNetwork;
import static dev.kemas.engine.Lab.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.cgroup.Cgroup;
import dev.kemas.cgroup.Cgroups;
import dev.kemas.container.HostConfig;
import dev.kemas.container.Resources;
import dev.kemas.fault.Fault;
import dev.kemas.network.NetworkSpec;
import dev.kemas.oci.Json;
import dev.kemas.runtime.ExecSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is changed of a container while it runs, seen from the kernel and from other containers. */
final class AlterationsTest {
  @TempDir static Path folder;
  private static Lab lab;

  @BeforeAll
  static void open() {
    lab = Lab.open(folder).withBusybox();
  }

  @AfterEach
  void removeAll() {
    lab.removeAll();
  }

  @AfterAll
  static void nothingIsLeft() {
    assertThat(lab.destroy()).isEmpty();
  }

  private static Resources limits(String fields) {
    return Json.read("{" + fields + "}", HostConfig.class, "limits").resources();
  }

  private static Cgroup cgroup(Container container) {
    return Cgroups.detect().ofProcess(container.state().processId());
  }

  private static long quota(Cgroup cgroup) throws IOException {
    Path folder = cgroup.folder("cpu").orElseThrow();
    Path version1 = folder.resolve("cpu.cfs_quota_us");
    return Files.exists(version1)
        ? Long.parseLong(Files.readString(version1).strip())
        : Long.parseLong(Files.readString(folder.resolve("cpu.max")).split(" ", -1)[0]);
  }

  @Test
  void newLimitsOfARunningContainerAreTheKernels() throws Exception {
    Container made = lab.start("limits", NO_NETWORK, "sleep", "100");
    lab.engine.update(
        made.id(),
        limits("\"Memory\":67108864,\"NanoCpus\":500000000,\"PidsLimit\":50"),
        Optional.empty());
    Cgroup cgroup = cgroup(made);
    assertThat(cgroup.stats().memory().limit()).isEqualTo(OptionalLong.of(64 << 20));
    assertThat(cgroup.stats().pids().limit()).isEqualTo(OptionalLong.of(50));
    assertThat(quota(cgroup)).isEqualTo(50_000);
    // what is not said stays
    lab.engine.update(made.id(), limits("\"PidsLimit\":60"), Optional.empty());
    assertThat(cgroup.stats().memory().limit()).isEqualTo(OptionalLong.of(64 << 20));
    assertThat(cgroup.stats().pids().limit()).isEqualTo(OptionalLong.of(60));
    Resources recorded = lab.engine.container(made.id()).host().resources();
    assertThat(recorded.memory()).isEqualTo(64 << 20);
    assertThat(recorded.pidsLimit()).isEqualTo(OptionalLong.of(60));
    lab.engine.restart(made.id(), Optional.empty(), java.util.OptionalInt.of(0));
    assertThat(cgroup(lab.engine.container(made.id())).stats().memory().limit())
        .isEqualTo(OptionalLong.of(64 << 20));
  }

  @Test
  void whatTheKernelRefusesIsNotRecorded() {
    Container made = lab.start("refused", NO_NETWORK, "sleep", "100");
    assertThatThrownBy(() ->
            lab.engine.update(made.id(), limits("\"CpusetCpus\":\"4000-4001\""), Optional.empty()))
        .isInstanceOf(Fault.class);
    assertThat(lab.engine.container(made.id()).host().resources().cpusetCpus()).isEmpty();
  }

  @Test
  void aPolicyIsCheckedBeforeItIsRecorded() {
    Container made = lab.create("policy", NO_NETWORK, "true");
    assertThatThrownBy(() ->
            lab.engine.update(
                made.id(), limits(""), Optional.of(new HostConfig.RestartPolicy("sometimes", 0))))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("sometimes");
    Container rm = lab.create("rm", noNetwork("\"AutoRemove\":true"), "true");
    assertThatThrownBy(() ->
            lab.engine.update(
                rm.id(), limits(""), Optional.of(new HostConfig.RestartPolicy("always", 0))))
        .isInstanceOf(Fault.Conflict.class)
        .hasMessage(
            "Restart policy cannot be updated because AutoRemove is enabled for the container");
  }

  private static int resolve(String from, String name) throws Exception {
    Execs.Exec exec =
        lab.engine
            .execs()
            .create(
                from,
                new Execs.Request(
                    List.of("nslookup", name),
                    List.of(),
                    "",
                    "",
                    false,
                    false,
                    false,
                    true,
                    true,
                    ""));
    Execs.Started started = lab.engine.execs().start(exec.id());
    try (ExecSession session = started.session()) {
      session.stdout().readAllBytes();
    }
    return soon(started.outcome()) instanceof ExecSession.Outcome.Ended(int code) ? code : -1;
  }

  @Test
  void afterARenameTheNewNameResolvesAndTheOldDoesNot() throws Exception {
    lab.networks.create(NetworkSpec.of("names"));
    lab.start("before", host("\"NetworkMode\":\"names\""), "sleep", "100");
    lab.start("peer", host("\"NetworkMode\":\"names\""), "sleep", "100");
    assertThat(resolve("peer", "before.")).isZero();
    lab.engine.rename("before", "after");
    assertThat(resolve("peer", "after.")).isZero();
    assertThat(resolve("peer", "before.")).isNotZero();
    lab.close();
    lab = Lab.open(folder);
    assertThat(resolve("peer", "after.")).isZero();
    assertThat(resolve("peer", "before.")).isNotZero();
    lab.removeAll();
    lab.networks.settle();
    lab.networks.remove("names");
  }
}
