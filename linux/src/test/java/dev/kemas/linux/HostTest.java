package dev.kemas.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostTest {
  @TempDir Path temp;

  @Test
  void mounts_of_a_copy_are_seen_by_the_copy_alone() {
    boolean seen =
        MountNamespace.callInCopy(
            "test",
            () -> {
              new KernelMounter().mount(new Mount("tmpfs", "tmpfs", List.of()), temp);
              Files.createFile(temp.resolve("inside"));
              return ChildProcess.run(
                      Command.of("/bin/ls", temp.toString()), java.time.Duration.ofSeconds(10))
                  .output()
                  .equals("inside\n");
            });
    assertThat(seen).as("a program started there sees it").isTrue();
    assertThat(temp).isEmptyDirectory();
    assertThat(MountTable.isMountPoint(temp)).isFalse();
  }

  @Test
  void capabilities_have_names() {
    assertThat(Capabilities.of("0000000000200001")).containsExactly("CAP_CHOWN", "CAP_SYS_ADMIN");
    assertThat(Capabilities.effective()).contains("CAP_SYS_ADMIN");
    assertThat(Capabilities.bounding()).contains("CAP_SYS_ADMIN");
    assertThat(Capabilities.all()).hasSize(41).endsWith("CAP_CHECKPOINT_RESTORE");
  }

  @Test
  void a_limit_that_is_set_is_the_limit_that_is_seen() {
    ResourceLimits.Limit before = ResourceLimits.all().get("RLIMIT_CORE");
    ResourceLimits.set("RLIMIT_CORE", new ResourceLimits.Limit(0, before.hard()));
    assertThat(ResourceLimits.all().get("RLIMIT_CORE").soft()).isZero();
    ResourceLimits.set("RLIMIT_CORE", before);
    assertThatThrownBy(() -> ResourceLimits.set("RLIMIT_LUCK", before))
        .isInstanceOf(Fault.InvalidArgument.class);
  }

  @Test
  void the_machine_is_known() {
    Machine machine = Machine.look();
    assertThat(machine.kernel()).matches("\\d+\\.\\d+.*");
    assertThat(machine.memory()).isGreaterThan(Machine.availableMemory()).isGreaterThan(1L << 27);
    assertThat(machine.bootId()).hasSize(36);
    assertThat(machine.operatingSystem()).isNotBlank().doesNotContain("\"");
  }

  @Test
  void a_durable_file_replaces_the_old_one_with_its_mode_and_leaves_no_draft() throws Exception {
    Path file = temp.resolve("config");
    for (DurableFile.Durability durability : DurableFile.Durability.values()) {
      DurableFile.write(file, "x".getBytes(StandardCharsets.UTF_8), 0666, durability);
      assertThat(Files.readString(file)).isEqualTo("x");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-rw-rw-");
      assertThat(temp.toFile().list()).containsExactly("config");
    }
  }

  @Test
  void a_full_disk_keeps_the_old_content() throws Exception {
    Path disk = Files.createDirectory(temp.resolve("disk"));
    KernelMounter mounter = new KernelMounter();
    mounter.mount(new Mount("tmpfs", "tmpfs", List.of("size=64k")), disk);
    try {
      DurableFile.write(disk.resolve("f"), new byte[10], 0600, DurableFile.Durability.PROCESS);
      assertThatThrownBy(() ->
              DurableFile.write(
                  disk.resolve("f"), new byte[100_000], 0600, DurableFile.Durability.PROCESS))
          .isInstanceOf(Fault.ResourceExhausted.class)
          .hasMessageContaining("ENOSPC");
      assertThat(Files.size(disk.resolve("f"))).isEqualTo(10);
      assertThat(disk.toFile().list()).containsExactly("f");
    } finally {
      mounter.unmount(disk);
    }
  }
}
