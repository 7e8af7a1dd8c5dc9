package dev.kemas.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.fault.Fault;
import dev.kemas.linux.ChildProcess;
import dev.kemas.linux.Command;
import dev.kemas.linux.Pipe;
import dev.kemas.oci.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts conmon and gives it orders (conmon(8)). It runs in a session of its own and is nobody's
 * child once it has forked, so it outlives us.
 */
final class Conmon {
  private static final int SYNC_DESCRIPTOR = 3;

  private final Path program;

  Conmon() {
    this.program =
        Runtimes.program("conmon")
            .orElseThrow(() ->
                new Fault.Unsupported("conmon is not installed: install the package of this name"));
  }

  /**
   * Makes the container under a new conmon.
   *
   * @param exits where the exit code is left, in a file with the id for a name
   * @return the container's process
   * @throws Fault what the runtime said, in Docker's words where clients match on them
   */
  int create(CreateRequest request, Runtimes.Chosen runtime, Path runtimeRoot, Path exits) {
    Bundle bundle = request.bundle();
    List<String> words = new ArrayList<>();
    words.addAll(List.of("--api-version", "1", "-c", bundle.id(), "-u", bundle.id()));
    words.addAll(List.of("-n", bundle.id(), "-b", bundle.folder().toString()));
    words.addAll(List.of("-r", runtime.program().toString()));
    words.addAll(List.of("--runtime-arg", "--root", "--runtime-arg", runtimeRoot.toString()));
    words.addAll(List.of("-p", bundle.containerPid().toString()));
    words.addAll(List.of("-P", bundle.conmonPid().toString()));
    CreateRequest.LogLimits limits = request.logLimits();
    if (limits.equals(CreateRequest.LogLimits.NOTHING)) {
      words.addAll(List.of("-l", "none"));
    } else {
      words.addAll(List.of("-l", "k8s-file:" + bundle.log()));
      words.addAll(List.of("--log-size-max", Long.toString(LogRotation.hardLimit(limits))));
    }
    words.addAll(List.of("--exit-dir", exits.toString()));
    words.addAll(List.of("--full-attach", "--no-sync-log"));
    if (request.terminal()) {
      words.add("-t");
    }
    if (request.stdin()) {
      words.add("-i");
      if (!request.stdinOnce()) {
        words.add("--leave-stdin-open");
      }
    }
    try (Pipe sync = Pipe.toRead("conmon of " + bundle.id())) {
      Command command =
          Command.of(program, words)
              .withVariable("_OCI_SYNCPIPE", Integer.toString(SYNC_DESCRIPTOR))
              .with(SYNC_DESCRIPTOR, sync.writer())
              .inNewSession();
      try (ChildProcess launcher = ChildProcess.start(command)) {
        sync.writer().close();
        String answer = firstLine(sync);
        int code = launcher.waitFor();
        return containerPid(answer, code, bundle);
      }
    }
  }

  private static String firstLine(Pipe sync) {
    try {
      String line =
          new BufferedReader(new InputStreamReader(sync.reader().input(), StandardCharsets.UTF_8))
              .readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      throw new Fault.Internal("cannot read from conmon: " + e.getMessage(), e);
    }
  }

  private static int containerPid(String answer, int code, Bundle bundle) {
    if (answer.isEmpty()) {
      throw new Fault.Internal(
          "conmon ended with code " + code + " before it made container " + bundle.id());
    }
    JsonNode node = Json.read(answer, JsonNode.class, "answer of conmon");
    int pid = node.path("data").asInt(-1);
    if (pid <= 0) {
      throw RuntimeErrors.of("create", node.path("message").asText("conmon gave no cause"));
    }
    return pid;
  }

  /** Changes the size of a container's terminal, in character cells. */
  static void resize(Bundle bundle, int height, int width) {
    order(bundle, "1 " + height + " " + width + "\n");
  }

  /** Makes conmon open its log again at its path. */
  static void reopenLog(Bundle bundle) {
    order(bundle, "2 0 0\n");
  }

  private static void order(Bundle bundle, String line) {
    // opened for both so that it neither blocks nor fails while conmon is just ending
    try (var pipe =
        Files.newByteChannel(bundle.control(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      pipe.write(java.nio.ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
    } catch (IOException e) {
      throw new Fault.Unavailable(
          "cannot reach the monitor of container " + bundle.id() + ": " + e.getMessage(), e);
    }
  }
}
