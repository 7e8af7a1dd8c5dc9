package dev.kemas.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same sources are the same image: on another engine, another day, in another order. */
final class ReproducibleTest extends BuildxEngine {
  private static final Instant EPOCH = Instant.ofEpochSecond(1_000_000);

  @TempDir Path copy;

  private static void write(Path folder, List<String> order, Instant time)
      throws IOException, InterruptedException {
    Files.createDirectories(folder.resolve("src/deep"));
    for (String name : order) {
      Path file = folder.resolve("src").resolve(name);
      Files.writeString(file, "content of " + name);
      Files.setLastModifiedTime(file, FileTime.from(time));
    }
    for (String name : List.of("src/deep", "src")) {
      Files.setLastModifiedTime(folder.resolve(name), FileTime.from(time));
    }
    Files.copy(Path.of("/bin/busybox"), folder.resolve("busybox"));
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Files.writeString(inner.resolve("packed"), "packed");
    Command.of(
            "tar",
            "-C",
            inner.toString(),
            "--mtime=@1500000",
            "--owner=7",
            "--group=7",
            "-cf",
            folder.resolve("files.tar").toString(),
            "packed")
        .run()
        .expect(0);
    Files.writeString(
        folder.resolve("Dockerfile"),
        """
        FROM scratch
        COPY busybox /bin/busybox
        COPY src /src
        ADD files.tar /added/
        WORKDIR /made/here
        RUN ["/bin/busybox", "sh", "-c", "for f in c a b; do echo $f > $f; done; /bin/busybox ln a d"]
        RUN ["/bin/busybox", "rm", "/src/one"]
        LABEL of=test
        """);
  }

  private JsonNode build(Daemon where, Path context, String... more)
      throws IOException, InterruptedException {
    List<String> line =
        new ArrayList<>(
            List.of(
                "env",
                "DOCKER_CONFIG=" + configuration,
                "docker",
                "-H",
                where.address(),
                "buildx",
                "build",
                "--build-arg",
                "SOURCE_DATE_EPOCH=" + EPOCH.getEpochSecond(),
                "--metadata-file",
                "meta"));
    line.addAll(List.of(more));
    line.add(".");
    new Command(line, Optional.empty()).run(context).expect(0);
    return new ObjectMapper().readTree(Files.readAllBytes(context.resolve("meta")));
  }

  @Test
  void anotherEngineMakesTheSameOfTheSameSources() throws IOException, InterruptedException {
    write(context, List.of("one", "two", "deep/three"), Instant.parse("2024-05-06T07:08:09Z"));
    write(copy, List.of("deep/three", "two", "one"), Instant.parse("2023-01-01T00:00:00Z"));
    String[] archive = {"-o", "type=oci,dest=oci.tar,rewrite-timestamp=true"};
    String[] zstd = {"-o", "type=oci,dest=z.tar,compression=zstd,force-compression=true"};
    String[] said = {
      "--provenance=mode=min",
      "--sbom=true",
      "--annotation",
      "index:a=b",
      "-o",
      "type=oci,dest=said.tar"
    };
    try (Daemon other = Daemon.start()) {
      for (String[] form : List.of(archive, zstd)) {
        JsonNode here = build(daemon, context, form);
        JsonNode there = build(other, copy, form);
        assertThat(there.path("containerimage.digest"))
            .isEqualTo(here.path("containerimage.digest"));
      }
      // what is said names the run of the build, the image that it is about is the same
      JsonNode here = build(daemon, context, said);
      JsonNode there = build(other, copy, said);
      assertThat(there.path("containerimage.config.digest"))
          .isEqualTo(here.path("containerimage.config.digest"));
    }
    assertThat(Files.mismatch(context.resolve("oci.tar"), copy.resolve("oci.tar")))
        .as("first byte that differs")
        .isEqualTo(-1);
    String times =
        Command.of(
                "sh", "-c", "mkdir x && tar -C x -xf oci.tar && cat x/blobs/sha256/* | tr -d '\\0'")
            .run(context)
            .expect(0)
            .out();
    assertThat(times).contains("1970-01-12T13:46:40Z");
  }

  @Test
  void withoutATimeTheImageSaysWhenItWasMade() throws IOException, InterruptedException {
    file("Dockerfile", "FROM scratch\nCOPY a /\n");
    file("a", "1");
    Instant before = Instant.now().minusSeconds(5);
    run("build", "-t", "dated:1", ".").expect(0);
    assertThat(Instant.parse(inspect("dated:1", "{{.Created}}"))).isAfter(before);
  }
}
