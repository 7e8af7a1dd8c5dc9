package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data that outlives containers. */
final class VolumeTest extends Engines {
  @Test
  void aNamedVolumeOutlivesItsContainers() throws IOException, InterruptedException {
    docker("run", "--rm", "-v", "data:/d", "busybox", "sh", "-c", "echo kept > /d/f");
    assertThat(docker("run", "--rm", "-v", "data:/d:ro", "busybox", "cat", "/d/f"))
        .isEqualTo("kept\n");
    tryDocker("run", "--rm", "-v", "data:/d:ro", "busybox", "touch", "/d/g").expect(1);
    docker("create", "--name", "user", "-v", "data:/d", "busybox");
    assertThat(tryDocker("volume", "rm", "data").expect(1).err()).contains("volume is in use");
    docker("rm", "user");
    docker("volume", "rm", "data");
    assertThat(tryDocker("volume", "inspect", "data").expect(1).err()).contains("no such volume");
  }

  @Test
  void anEmptyVolumeIsFilledFromTheImageOnce() throws IOException, InterruptedException {
    assertThat(
            docker(
                "run",
                "--rm",
                "-v",
                "etc:/etc",
                "busybox",
                "sh",
                "-c",
                "ls /etc/group && rm /etc/group"))
        .contains("group");
    assertThat(docker("run", "--rm", "-v", "etc:/x", "busybox", "ls", "/x"))
        .contains("passwd")
        .doesNotContain("group");
    assertThat(docker("run", "--rm", "-v", "etc:/etc", "busybox", "ls", "/etc"))
        .doesNotContain("group");
    docker("volume", "rm", "etc");
  }

  @Test
  void anAnonymousVolumeGoesWithItsContainer() throws IOException, InterruptedException {
    docker("run", "--rm", "-v", "/anon", "busybox", "touch", "/anon/x");
    assertThat(docker("volume", "ls", "-q")).isBlank();
    docker("run", "--name", "xa", "-v", "/anon", "busybox", "true");
    assertThat(docker("volume", "ls", "-q").strip()).matches("[0-9a-f]{64}");
    docker("rm", "-v", "xa");
    assertThat(docker("volume", "ls", "-q")).isBlank();
  }

  @Test
  void aFolderOfTheHostIsBound(@TempDir Path folder) throws IOException, InterruptedException {
    Files.writeString(folder.resolve("in"), "from the host");
    assertThat(
            docker(
                "run",
                "--rm",
                "-v",
                folder + ":/b",
                "busybox",
                "sh",
                "-c",
                "cat /b/in; echo out > /b/out"))
        .isEqualTo("from the host");
    assertThat(folder.resolve("out")).hasContent("out");
    tryDocker(
            "run",
            "--rm",
            "--mount",
            "type=bind,src=" + folder + ",dst=/b,readonly",
            "busybox",
            "touch",
            "/b/x")
        .expect(1);
    assertThat(
            tryDocker(
                    "run",
                    "--rm",
                    "--mount",
                    "type=bind,src=" + folder.resolve("missing") + ",dst=/b",
                    "busybox",
                    "true")
                .expect(125)
                .err())
        .contains("bind source path does not exist");
    docker("run", "--rm", "-v", folder.resolve("made") + ":/b", "busybox", "true");
    assertThat(folder.resolve("made")).isDirectory();
  }

  @Test
  void volumesAreMadeListedAndPruned() throws IOException, InterruptedException {
    docker("volume", "create", "--label", "k=v", "one");
    docker("volume", "create", "two");
    assertThat(docker("volume", "ls", "-q", "-f", "label=k=v")).isEqualTo("one\n");
    assertThat(docker("volume", "inspect", "-f", "{{.Driver}} {{.Mountpoint}}", "one"))
        .isEqualTo("local " + daemon.dataRoot().resolve("volumes/one/_data") + "\n");
    Daemon.kemasOnly("volume prune --all needs API 1.42");
    docker("volume", "prune", "-af");
    assertThat(docker("volume", "ls", "-q")).isBlank();
    assertThat(tryDocker("volume", "create", "../x").expect(1).err()).contains("invalid");
  }
}
