package dev.kemas.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class KillTest {
  @TempDir Path temp;

  @Test
  void aBuildThatIsKilledLeavesNothingOnceTheNextOneHasStarted() throws Exception {
    Path context = Files.createDirectories(temp.resolve("context"));
    String dockerfile = "FROM busybox\nRUN echo 1 > /first\nRUN echo up; sleep 1000\n";
    Files.writeString(context.resolve("Dockerfile"), dockerfile);
    Process build = start();
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(build.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(out.readLine()).isEqualTo("up");
    } finally {
      build.destroyForcibly().waitFor();
    }
    assertThat(mounts()).anyMatch(line -> line.contains("/build-"));
    assertThat(processes()).isNotEmpty();

    try (RealEngine engine = new RealEngine(temp)) {
      assertThat(engine.unfinished()).isEmpty();
      assertThat(mounts()).noneMatch(line -> line.contains("/build-"));
      assertThat(temp.resolve("data/build/containers")).isEmptyDirectory();
      assertThat(temp.resolve("data/build/mounts")).isEmptyDirectory();
      assertThat(processes()).isEmpty();
      assertThat(engine.host.networks.sandboxes()).isEmpty();

      Files.writeString(
          context.resolve("Dockerfile"), dockerfile.replace("echo up; sleep 1000", "true"));
      List<BuildEvent> events = new ArrayList<>();
      engine.builder.build(
          BuildRequest.of(context), new ClassicOrder(events::add), new Cancellation());
      assertThat(events).as("what was finished is known").contains(new BuildEvent.StepCached(2));
    }
    assertThat(mounts()).isEmpty();
  }

  private Process start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(KilledBuild.class.getName());
    command.add(temp.toString());
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private List<String> mounts() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
        .filter(line -> line.contains(temp.toString()))
        .toList();
  }

  /** Processes that have the test's folder in their command line: conmon and what it watches. */
  private List<String> processes() {
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return all.map(process -> process.info().commandLine().orElse(""))
          .filter(line -> line.contains(temp.toString()) && line.contains("conmon"))
          .toList();
    }
  }
}
