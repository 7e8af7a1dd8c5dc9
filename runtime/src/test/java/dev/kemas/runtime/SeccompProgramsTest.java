package dev.kemas.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.oci.RuntimeSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A profile that was compiled once filters the next container just the same. */
final class SeccompProgramsTest {
  private static final CreateRequest.LogLimits LIMITS = CreateRequest.LogLimits.DEFAULT;
  private final BlockingQueue<Observed.Exit> exits = new LinkedBlockingQueue<>();
  private final String id = "ks-" + Long.toHexString(System.nanoTime());
  @TempDir Path folder;
  private Box box;
  private Bundle bundle;

  @BeforeEach
  void build() throws IOException {
    box = new Box(folder, id);
    bundle = new Bundle(id, Files.createDirectories(folder.resolve("bundle")));
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    Box.removeCgroups();
  }

  private static RuntimeSpec denying(RuntimeSpec spec, String... calls) {
    RuntimeSpec.Seccomp profile =
        new RuntimeSpec.Seccomp(
            "SCMP_ACT_ALLOW",
            OptionalInt.empty(),
            List.of(),
            List.of(),
            List.of(
                new RuntimeSpec.SyscallRule(
                    List.of(calls), "SCMP_ACT_ERRNO", OptionalInt.of(1), List.of())));
    return spec.withLinux(spec.linux().orElseThrow().withSeccomp(Optional.of(profile)));
  }

  /** Runs a script under a profile that denies these calls; what it printed. */
  private String run(ContainerRuntime runtime, String script, String... denied) throws Exception {
    Files.deleteIfExists(bundle.log());
    Files.deleteIfExists(bundle.keptLog());
    runtime.create(
        new CreateRequest(
            bundle,
            denying(box.spec(false, "sh", "-c", script), denied),
            false,
            false,
            true,
            "",
            LIMITS),
        (b, exit) -> exits.add(exit));
    runtime.start(bundle);
    assertThat(exits.poll(20, TimeUnit.SECONDS)).isNotNull();
    StringBuilder said = new StringBuilder();
    runtime
        .logs(bundle)
        .read(
            new LogQuery(
                true, true, Optional.empty(), Optional.empty(), OptionalLong.empty(), false),
            () -> false,
            line -> {
              byte[] bytes = new byte[line.content().remaining()];
              line.content().get(bytes);
              said.append(new String(bytes, StandardCharsets.UTF_8));
              return true;
            });
    runtime.delete(bundle);
    return said.toString();
  }

  @Test
  void theSecondContainerIsFilteredAsTheFirstAndAnotherProfileIsItsOwn() throws Exception {
    String script =
        "busybox rm -rf /tmp/d /tmp/l; busybox mkdir /tmp/d; busybox ln -s a /tmp/l; cat /proc/self/status";
    String[] mkdir = {"mkdir", "mkdirat"};
    String[] symlink = {"symlink", "symlinkat"};
    try (ContainerRuntime runtime = box.open(Runtimes.CRUN)) {
      String first = run(runtime, script, mkdir);
      assertThat(Files.readString(bundle.config())).doesNotContain("seccomp_bpf_data");
      String second = run(runtime, script, mkdir);
      assertThat(Files.readString(bundle.config())).contains("seccomp_bpf_data");
      for (String said : List.of(first, second)) {
        assertThat(said)
            .contains("can't create directory '/tmp/d': Operation not permitted")
            .containsPattern("Seccomp:\\s+2")
            .doesNotContain("ln:");
      }
      String other = run(runtime, script, symlink);
      assertThat(other).contains("ln: /tmp/").doesNotContain("can't create directory");
    }
    try (ContainerRuntime later = box.open(Runtimes.CRUN)) {
      assertThat(run(later, script, mkdir)).containsPattern("mkdir: .* not permitted");
      assertThat(Files.readString(bundle.config()))
          .as("known to a later engine from the state folder")
          .contains("seccomp_bpf_data");
    }
  }
}
