package dev.kemas.cli.doctor;

import dev.kemas.fault.Fault;
import dev.kemas.host.HostCheck;
import dev.kemas.linux.ChildProcess;
import dev.kemas.linux.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The programs that the engine calls. */
final class ToolChecks {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final String USUAL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin";

  private final List<Path> folders = new ArrayList<>();

  ToolChecks(String path) {
    for (String folder : (path + ":" + USUAL_PATH).split(":", -1)) {
      if (folder.startsWith("/")) {
        folders.add(Path.of(folder));
      }
    }
  }

  List<HostCheck> all() {
    List<HostCheck> checks = new ArrayList<>();
    checks.add(runtime());
    checks.add(needed("conmon", "--version", "watches each container", "conmon"));
    checks.add(needed("nft", "--version", "forwards ports, translates addresses", "nftables"));
    checks.add(bootstrap());
    checks.add(wanted("xz", "--version", "layers and contexts packed with xz", "xz-utils"));
    return checks;
  }

  private HostCheck runtime() {
    Optional<String> crun = version("crun", "--version");
    Optional<String> runc = version("runc", "--version");
    String name = "OCI runtime";
    if (crun.isEmpty() && runc.isEmpty()) {
      return HostCheck.missing(name, "neither crun nor runc is here", "apt-get install crun runc");
    }
    if (crun.isEmpty()) {
      return HostCheck.degraded(
          name, runc.get() + "; crun starts containers faster", "apt-get install crun");
    }
    if (runc.isEmpty()) {
      return HostCheck.degraded(
          name, crun.get() + "; runc serves hosts that crun refuses", "apt-get install runc");
    }
    return HostCheck.ok(name, crun.get() + ", " + runc.get());
  }

  private HostCheck bootstrap() {
    String name = "kemas bootstrap";
    Optional<Path> quick = find("mmdebstrap");
    Optional<Path> slow = find("debootstrap");
    if (quick.isPresent()) {
      return HostCheck.ok(name, quick.get().toString());
    }
    return slow.isPresent()
        ? HostCheck.degraded(
            name, slow.get() + "; mmdebstrap is faster", "apt-get install mmdebstrap")
        : HostCheck.degraded(
            name,
            "neither mmdebstrap nor debootstrap is here: no base images without a registry",
            "apt-get install mmdebstrap");
  }

  private HostCheck needed(String program, String option, String use, String packageName) {
    Optional<String> version = version(program, option);
    return version.isPresent()
        ? HostCheck.ok(program, version.get())
        : HostCheck.missing(program, "not found; it " + use, "apt-get install " + packageName);
  }

  private HostCheck wanted(String program, String option, String use, String packageName) {
    Optional<String> version = version(program, option);
    return version.isPresent()
        ? HostCheck.ok(program, version.get())
        : HostCheck.degraded(program, "not found: no " + use, "apt-get install " + packageName);
  }

  private Optional<Path> find(String program) {
    for (Path folder : folders) {
      Path candidate = folder.resolve(program);
      if (Files.isExecutable(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /** The first line that the program says of itself; empty where it is missing or does not run. */
  private Optional<String> version(String program, String option) {
    Optional<Path> path = find(program);
    if (path.isEmpty()) {
      return Optional.empty();
    }
    try {
      ChildProcess.Outcome outcome =
          ChildProcess.run(Command.of(path.get(), List.of(option)), PATIENCE);
      if (outcome.exitCode() != 0) {
        return Optional.empty();
      }
      String text = outcome.output().strip();
      int end = text.indexOf('\n');
      return Optional.of(end < 0 ? text : text.substring(0, end));
    } catch (Fault doesNotRun) {
      return Optional.empty();
    }
  }
}
