package dev.kemas.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.linux.ChildProcess;
import dev.kemas.linux.Command;
import dev.kemas.linux.MountTable;
import dev.kemas.linux.Signal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupsTest {
  private static final String V1 =
      """
      30 20 0:26 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
      31 20 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
      32 20 0:28 / /sys/fs/cgroup/systemd rw - cgroup systemd rw,xattr,release_agent=/x,name=systemd
      """;
  private static final String UNIFIED = "29 20 0:25 / %s rw - cgroup2 cgroup2 rw,nsdelegate\n";

  @TempDir Path temp;

  private static Cgroups of(String mountinfo) {
    return Cgroups.of(MountTable.parse(mountinfo));
  }

  @Test
  void the_layout_is_told_by_what_is_mounted() {
    assertThat(of(V1).layout()).isEqualTo(Cgroups.Layout.V1);
    assertThat(of(V1 + UNIFIED.formatted("/x")).layout()).isEqualTo(Cgroups.Layout.HYBRID);
    assertThat(of(UNIFIED.formatted("/x")).layout()).isEqualTo(Cgroups.Layout.V2);
    assertThat(of("").layout()).isEqualTo(Cgroups.Layout.NONE);
    assertThat(of(V1).controllers()).containsExactly("cpu", "cpuacct", "memory");
  }

  @Test
  void a_path_leads_to_a_folder_in_each_hierarchy() {
    Cgroups cgroups = of(V1 + UNIFIED.formatted("/sys/fs/cgroup/unified"));
    Cgroup cgroup = cgroups.parse("5:cpu,cpuacct:/a\n4:memory:/b/c\n1:name=systemd:/\n0::/d\n");
    assertThat(cgroup.folder("cpu")).contains(Path.of("/sys/fs/cgroup/cpu,cpuacct/a"));
    assertThat(cgroup.folder("memory")).contains(Path.of("/sys/fs/cgroup/memory/b/c"));
    assertThat(cgroup.folder("io")).contains(Path.of("/sys/fs/cgroup/unified/d"));
    assertThat(cgroup.folders()).hasSize(4);
  }

  @Test
  void within_a_container_the_mounted_part_is_taken_off_the_path() {
    Cgroups cgroups = of("31 20 0:27 /docker/abc /cg/memory ro - cgroup cgroup rw,memory\n");
    assertThat(cgroups.at("/docker/abc/x").folder("memory")).contains(Path.of("/cg/memory/x"));
    assertThat(cgroups.at("/docker/abc").folder("memory")).contains(Path.of("/cg/memory"));
    assertThat(cgroups.at("/other").folder("memory")).contains(Path.of("/cg/memory/other"));
  }

  private void file(String name, String content) throws Exception {
    Path file = temp.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  @Test
  void version_2_files_become_the_record() throws Exception {
    file(
        "g/cpu.stat",
        "usage_usec 10\nuser_usec 7\nsystem_usec 3\nnr_periods 4\nnr_throttled 2\nthrottled_usec 9\n");
    file("g/memory.current", "1000\n");
    file("g/memory.peak", "2000\n");
    file("g/memory.max", "max\n");
    file("g/memory.events", "low 0\nmax 3\noom 1\noom_kill 1\n");
    file("g/memory.stat", "anon 1\ninactive_file 400\n");
    file("g/pids.current", "5\n");
    file("g/pids.max", "100\n");
    file("g/io.stat", "8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0\n253:1\n");
    CgroupStats s = of(UNIFIED.formatted(temp)).at("/g").stats();
    assertThat(s.cpu())
        .isEqualTo(new CgroupStats.Cpu(10_000, 7_000, 3_000, List.of(), 4, 2, 9_000));
    assertThat(s.memory().usage()).isEqualTo(1000);
    assertThat(s.memory().peak()).hasValue(2000);
    assertThat(s.memory().limit()).isEmpty();
    assertThat(s.memory().failures()).isEqualTo(3);
    assertThat(s.memory().oomKills()).isEqualTo(1);
    assertThat(s.memory().inactiveFile()).isEqualTo(400);
    assertThat(s.pids()).isEqualTo(new CgroupStats.Pids(5, OptionalLong.of(100)));
    assertThat(s.io()).containsExactly(new CgroupStats.Io(8, 0, 1, 2, 3, 4));
  }

  @Test
  void version_1_files_become_the_same_record() throws Exception {
    String mount = "31 20 0:27 / " + temp.resolve("%1$s") + " rw - cgroup cgroup rw,%1$s\n";
    file("cpuacct/g/cpuacct.usage", "12345\n");
    file("cpuacct/g/cpuacct.usage_percpu", "6000 6345 \n");
    file("cpuacct/g/cpuacct.stat", "user 2\nsystem 1\n");
    file("cpu/g/cpu.stat", "nr_periods 4\nnr_throttled 2\nthrottled_time 9\n");
    file("memory/g/memory.usage_in_bytes", "1000\n");
    file("memory/g/memory.max_usage_in_bytes", "2000\n");
    file("memory/g/memory.limit_in_bytes", "9223372036854771712\n");
    file("memory/g/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
    file("memory/g/memory.stat", "inactive_file 1\ntotal_inactive_file 400\n");
    file("pids/g/pids.current", "5\n");
    file("pids/g/pids.max", "max\n");
    file("blkio/g/blkio.throttle.io_service_bytes", "8:0 Read 1\n8:0 Write 2\nTotal 3\n");
    file("blkio/g/blkio.throttle.io_serviced", "8:0 Read 3\n8:0 Write 4\n");
    StringBuilder mounts = new StringBuilder();
    for (String c : List.of("cpuacct", "cpu", "memory", "pids", "blkio")) {
      mounts.append(mount.formatted(c));
    }
    CgroupStats s = of(mounts.toString()).at("/g").stats();
    assertThat(s.cpu())
        .isEqualTo(
            new CgroupStats.Cpu(12345, 20_000_000, 10_000_000, List.of(6000L, 6345L), 4, 2, 9));
    assertThat(s.memory().limit()).isEmpty();
    assertThat(s.memory().oomKills()).isEqualTo(2);
    assertThat(s.memory().inactiveFile()).isEqualTo(400);
    assertThat(s.pids().limit()).isEmpty();
    assertThat(s.io()).containsExactly(new CgroupStats.Io(8, 0, 1, 2, 3, 4));
  }

  @Test
  void a_process_of_this_machine_is_found_counted_and_let_go() {
    Cgroups cgroups = Cgroups.detect();
    assertThat(cgroups.layout()).isNotEqualTo(Cgroups.Layout.NONE);
    Cgroup cgroup =
        cgroups.at("/kemas-test-" + ProcessHandle.current().pid() + "-" + System.nanoTime());
    cgroup.create();
    try (ChildProcess child = ChildProcess.start(Command.of("/bin/sleep", "1000"))) {
      try {
        cgroup.add(child.pid());
        assertThat(cgroup.processes()).containsExactly(child.pid());
        assertThat(cgroups.ofProcess(child.pid()).folder("pids")).isEqualTo(cgroup.folder("pids"));
        assertThat(cgroup.stats().pids().current()).isEqualTo(1);
        assertThatThrownBy(() -> cgroup.remove(Duration.ofMillis(5)))
            .isInstanceOf(Fault.Conflict.class)
            .hasMessageContaining("" + child.pid());
        assertThatThrownBy(() -> cgroup.set("pids", "pids.max", "many"))
            .isInstanceOf(Fault.InvalidArgument.class)
            .hasMessageContaining("\"many\"");
      } finally {
        child.signal(Signal.KILL);
        child.waitFor();
        cgroup.remove(Duration.ofSeconds(10));
      }
    }
    assertThat(cgroup.exists()).isFalse();
    assertThat(cgroup.stats().pids().current()).isZero();
    assertThat(cgroup.processes()).isEmpty();
  }
}
