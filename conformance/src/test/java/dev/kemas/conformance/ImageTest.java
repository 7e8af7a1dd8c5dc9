package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images: named, listed, saved, loaded, removed. */
final class ImageTest extends Engines {
  @TempDir Path folder;

  @Test
  void whatIsSavedIsLoadedAsTheSameImage() throws IOException, InterruptedException {
    Path archive = folder.resolve("image.tar");
    docker("tag", "busybox", "team/box:v1");
    String id = inspect("team/box:v1", "{{.Id}}");
    docker("save", "-o", archive.toString(), "team/box:v1");
    docker("rmi", "team/box:v1");
    assertThat(docker("load", "-i", archive.toString())).contains("Loaded image: team/box:v1");
    assertThat(inspect("team/box:v1", "{{.Id}}")).isEqualTo(id);
    assertThat(docker("run", "--rm", "team/box:v1", "echo", "ok")).isEqualTo("ok\n");
    docker("rmi", "team/box:v1");
  }

  @Test
  void otherToolsReadTheArchiveAsDockersAndAsOcis() throws IOException, InterruptedException {
    Daemon.kemasOnly("dockerd before 25 writes no OCI layout");
    Path archive = folder.resolve("image.tar");
    docker("save", "-o", archive.toString(), "busybox:latest");
    for (String format : List.of("docker-archive", "oci-archive")) {
      assertThat(
              Command.of("skopeo", "inspect", "--config", format + ":" + archive)
                  .run()
                  .expect(0)
                  .out())
          .contains("\"Cmd\"");
    }
    Path converted = folder.resolve("converted.tar");
    Command.of(
            "skopeo",
            "copy",
            "--insecure-policy",
            "docker-archive:" + archive,
            "oci-archive:" + converted + ":conv:1")
        .run()
        .expect(0);
    docker("load", "-i", converted.toString());
  }

  @Test
  void aBrokenArchiveLeavesNothing() throws IOException, InterruptedException {
    Path archive = folder.resolve("image.tar");
    docker("save", "-o", archive.toString(), "busybox:latest");
    byte[] whole = Files.readAllBytes(archive);
    String before = docker("images", "-aq");
    Path broken = folder.resolve("broken.tar");
    Files.write(broken, java.util.Arrays.copyOf(whole, whole.length / 2));
    assertThat(tryDocker("load", "-i", broken.toString()).code()).isNotZero();
    Files.writeString(broken, "this is no archive");
    assertThat(tryDocker("load", "-i", broken.toString()).code()).isNotZero();
    assertThat(docker("images", "-aq")).isEqualTo(before);
  }

  @Test
  void namesTagsAndIdsAllFindTheImage() throws IOException, InterruptedException {
    String id = inspect("busybox", "{{.Id}}");
    docker("tag", "busybox", "localhost:5000/a/b:c");
    for (String name :
        List.of(
            "busybox:latest",
            "docker.io/library/busybox",
            id,
            id.substring(7, 19),
            "localhost:5000/a/b:c")) {
      assertThat(inspect(name, "{{.Id}}")).as(name).isEqualTo(id);
    }
    assertThat(docker("images", "--format", "{{.Repository}}:{{.Tag}}").lines())
        .contains("busybox:latest", "localhost:5000/a/b:c");
    assertThat(docker("rmi", "localhost:5000/a/b:c")).contains("Untagged: localhost:5000/a/b:c");
    assertThat(tryDocker("image", "inspect", "localhost:5000/a/b:c").expect(1).err())
        .contains("No such image");
  }

  @Test
  void anImageInUseIsKept() throws IOException, InterruptedException {
    docker("import", "-c", "CMD [\"true\"]", layer().toString(), "used:1");
    docker("create", "--name", "cu", "used:1");
    assertThat(tryDocker("rmi", "used:1").expect(1).err()).contains("conflict");
    docker("rm", "cu");
    docker("rmi", "used:1");
  }

  @Test
  void theTreeShowsPlatformsAndWhoUsesThem() throws IOException, InterruptedException {
    Daemon.kemasOnly("dockerd tells of manifests with the containerd image store only");
    assertThat(docker("images", "--tree")).contains("busybox:latest", "└─ linux/");
    assertThat(daemon.ok("kemas", "images", "--tree", "busybox"))
        .containsPattern("busybox:latest +[0-9a-f]{12} +[0-9.]+MB +[0-9.]+MB +\\n└─ linux/");
    docker("create", "--name", "tr", "busybox");
    assertThat(daemon.ok("kemas", "images", "--tree", "busybox"))
        .containsPattern("└─ linux/[a-z0-9]+ +[0-9a-f]{12} +[0-9.]+MB +[0-9.]+MB +yes");
    assertThat(
            daemon.ok("kemas", "images", "--format", "{{.SharedSize}} {{.UniqueSize}}", "busybox"))
        .matches("0B [0-9.]+MB\\n");
    assertThat(daemon.run("kemas", "images", "--tree", "-q").expect(1).err())
        .contains("--quiet and --tree exclude each other");
    assertThat(daemon.run("kemas", "pull", "-a", "busybox:1").expect(1).err())
        .contains("tag can't be used with --all-tags/-a");
  }

  @Test
  void historySaysHowItWasMade() throws IOException, InterruptedException {
    assertThat(docker("history", "--no-trunc", "--format", "{{.CreatedBy}} {{.Size}}", "busybox"))
        .isNotBlank();
  }

  private Path layer() throws IOException, InterruptedException {
    Path file = Files.write(folder.resolve("cf"), new byte[] {1});
    Path tar = folder.resolve("layer.tar");
    Command.of("tar", "-C", folder.toString(), "-cf", tar.toString(), file.getFileName().toString())
        .run()
        .expect(0);
    return tar;
  }
}
