package dev.kemas.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs of other machines run where the kernel has an emulator for them, and nowhere else. */
@Timeout(60)
class EmulatorsTest {
  @TempDir Path temp;
  private Path context;
  private FakeEngine engine;

  @BeforeEach
  void prepare() throws IOException {
    context = Files.createDirectories(temp.resolve("context"));
    engine = new FakeEngine(Files.createDirectories(temp.resolve("engine")));
  }

  private void build(String dockerfile) throws IOException {
    Files.writeString(context.resolve("Dockerfile"), dockerfile);
    engine.executor.commands.clear();
    new Builder(engine.services()).build(BuildRequest.of(context), event -> {}, new Cancellation());
  }

  private List<String> ran() {
    return List.copyOf(engine.executor.commands);
  }

  @Test
  void aForeignRunIsRefusedBeforeAnyWorkUnlessThereIsAnEmulator() throws IOException {
    engine.baseConfigs.put(
        "arm",
        """
        {"architecture":"arm64","os":"linux","rootfs":{"type":"layers","diff_ids":["%s"]},
         "history":[{"created_by":"base"}]}
        """
            .formatted(dev.kemas.build.plan.Facts.digest("arm")));
    String dockerfile = "FROM base AS tools\nRUN before\nFROM arm\nCOPY --from=tools /etc /x\n";
    build(dockerfile);
    assertThat(ran()).containsExactly("before");
    String runs = "FROM base AS tools\nRUN other\nFROM arm\nCOPY --from=tools /etc /x\nRUN it\n";
    assertThatThrownBy(() -> build(runs))
        .isInstanceOf(Fault.Unsupported.class)
        .hasMessageContaining("RUN needs linux/arm64, and this machine runs linux/amd64 only")
        .hasMessageContaining("Dockerfile:5");
    assertThat(ran()).isEmpty();
    Path kernel = Files.createDirectories(temp.resolve("binfmt"));
    String registered =
        """
        enabled
        interpreter /usr/bin/qemu-aarch64-static
        flags: %s
        offset 0
        magic 7f454c460201010000000000000000000200b700
        mask ffffffffffffff00fffffffffffffffffeffffff
        """;
    Files.writeString(kernel.resolve("qemu-aarch64"), registered.formatted("OC"));
    assertThatThrownBy(() -> build(runs)).hasMessageContaining("without the flag F");
    Files.writeString(kernel.resolve("qemu-aarch64"), registered.formatted("OCF"));
    build(runs);
    assertThat(ran()).containsExactlyInAnyOrder("other", "it");
  }
}
