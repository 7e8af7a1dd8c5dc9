package dev.kemas.runtime;

import dev.kemas.fault.Fault;
import dev.kemas.linux.SealedProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The OCI runtimes of this machine by name, and which one is taken when none is named. */
final class Runtimes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Runtimes.class);
  static final String CRUN = "crun";
  static final String RUNC = "runc";
  private static final List<String> FOLDERS =
      List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

  /** A program in memory has another label than the one on disk, which SELinux's rules go by. */
  private static final Path SELINUX = Path.of("/sys/fs/selinux/enforce");

  private volatile Configured configured;
  private final LeftoverControllers leftovers;
  private final Map<Path, SealedProgram> sealed = new HashMap<>();
  private final List<SealedProgram> outdated = new ArrayList<>();
  private boolean sealing = !Files.exists(SELINUX);

  Runtimes(RuntimeSettings settings, LeftoverControllers leftovers) {
    this.leftovers = leftovers;
    this.configured = Configured.of(settings.defaultRuntime(), settings.moreRuntimes());
  }

  /** Replaced as one, so that nobody sees half of a change. */
  private record Configured(Map<String, Path> programs, String wanted) {
    static Configured of(String wanted, Map<String, Path> more) {
      Map<String, Path> programs = new LinkedHashMap<>();
      program(CRUN).ifPresent(p -> programs.put(CRUN, p));
      program(RUNC).ifPresent(p -> programs.put(RUNC, p));
      programs.putAll(more);
      if (!wanted.isEmpty() && !programs.containsKey(wanted)) {
        throw unknown(wanted);
      }
      return new Configured(Map.copyOf(programs), wanted);
    }
  }

  /** From now on others are configured. */
  void reload(String wanted, Map<String, Path> more) {
    configured = Configured.of(wanted, more);
  }

  /** Finds a program of the host. */
  static Optional<Path> program(String name) {
    return FOLDERS.stream().map(f -> Path.of(f, name)).filter(Files::isExecutable).findFirst();
  }

  Map<String, Path> all() {
    return configured.programs();
  }

  /** The default's name, as far as it can be known without changing the machine. */
  String defaultName() {
    Configured now = configured;
    if (!now.wanted().isEmpty()) {
      return now.wanted();
    }
    return now.programs().containsKey(CRUN) && leftovers.canBeCleared() ? CRUN : RUNC;
  }

  /**
   * Chooses a runtime and makes sure that it can work.
   *
   * @throws Fault.InvalidArgument for a name that was never configured
   * @throws Fault.Unsupported if it cannot work here
   */
  Chosen choose(String name) {
    String chosen = name.isEmpty() ? defaultName() : name;
    Map<String, Path> programs = all();
    Path program = programs.get(chosen);
    if (program == null) {
      if (name.isEmpty()) {
        throw new Fault.Unsupported(
            "neither crun nor runc is installed: install one of these packages");
      }
      throw unknown(chosen);
    }
    if (!Files.isExecutable(program)) {
      throw new Fault.Unsupported(
          "runtime " + chosen + " cannot be used: " + program + " is not an executable file");
    }
    if (program.endsWith(CRUN) && !leftovers.clear()) {
      if (name.isEmpty() && programs.containsKey(RUNC)) {
        return new Chosen(RUNC, fastest(RUNC, programs.get(RUNC)));
      }
      throw new Fault.Unsupported(
          "crun does not work on this machine's hybrid cgroups: use --runtime runc");
    }
    return new Chosen(chosen, fastest(chosen, program));
  }

  /**
   * A sealed copy starts faster ({@link SealedProgram}); one that a user added is taken as it is.
   */
  private synchronized Path fastest(String name, Path program) {
    if (!sealing || !(name.equals(CRUN) || name.equals(RUNC))) {
      return program;
    }
    SealedProgram copy = sealed.get(program);
    if (copy != null && copy.isCurrent()) {
      return copy.path();
    }
    try {
      SealedProgram fresh = SealedProgram.of(program);
      SealedProgram old = sealed.put(program, fresh);
      if (old != null) {
        // somebody may be about to start it
        outdated.add(old);
      }
      return fresh.path();
    } catch (Fault e) {
      LOG.info("{} is started from the disk: {}", program, e.getMessage());
      sealing = false;
      return program;
    }
  }

  @Override
  public synchronized void close() {
    sealing = false;
    sealed.values().forEach(SealedProgram::close);
    sealed.clear();
    outdated.forEach(SealedProgram::close);
  }

  private static Fault unknown(String name) {
    return new Fault.InvalidArgument("unknown or invalid runtime name: " + name);
  }

  /**
   * A runtime that can be used.
   *
   * @param program what to execute
   */
  record Chosen(String name, Path program) {}
}
