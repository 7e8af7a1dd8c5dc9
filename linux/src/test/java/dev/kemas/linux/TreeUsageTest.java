package dev.kemas.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Held against du(1). */
class TreeUsageTest {
  @TempDir Path folder;

  @Test
  void countsWhatDuCounts() throws Exception {
    shell(
        "head -c 300000 /dev/urandom > f; ln f g; ln -s f s; truncate -s 50M sparse; mkdir -p a/b/c"
            + " e; echo x > a/b/c/d; head -c 9000 /dev/zero > a/z; mkfifo p");
    assertThat(TreeUsage.of(folder).bytes()).isEqualTo(du());
    assertThat(TreeUsage.of(folder).inodes()).isEqualTo(11);
  }

  @Test
  void aTreeDeeperThanAnyPathIsCounted() throws Exception {
    shell("for i in $(seq 3000); do mkdir d; echo x > f; cd -P d; done");
    try {
      assertThat(TreeUsage.of(folder).inodes()).isEqualTo(6001);
    } finally {
      // what removes the temporary folder goes by whole paths
      shell("rm -rf d");
    }
  }

  @Test
  void aFolderThatIsNotThereIsSaidToBeMissing() {
    assertThatThrownBy(() -> TreeUsage.of(folder.resolve("no"))).isInstanceOf(Fault.NotFound.class);
  }

  private long du() throws Exception {
    return Long.parseLong(shell("du -sx --block-size=1 .").split("\\s", 2)[0]);
  }

  private String shell(String script) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("sh", "-ec", script)
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(Files.isDirectory(folder)).isTrue();
    return out;
  }
}
