package dev.kemas.git;

import dev.kemas.fault.Fault;
import dev.kemas.linux.ChildProcess;
import dev.kemas.linux.Command;
import dev.kemas.linux.Descriptor;
import dev.kemas.linux.Pipe;
import dev.kemas.linux.Signal;
import dev.kemas.linux.TreeUsage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Runs the host's git: with no configuration but this one, no hooks, no credential helpers, no
 * questions, no transports but those allowed; bounded in time and in the bytes it stores. Secrets
 * go by the environment of the process alone.
 */
final class GitProgram {
  private static final List<Path> PLACES =
      List.of(Path.of("/usr/bin/git"), Path.of("/usr/local/bin/git"), Path.of("/bin/git"));
  private static final Duration LOOK = Duration.ofMillis(250);
  private static final Duration GRACE = Duration.ofSeconds(3);
  private static final int MOST_OUTPUT = 64 << 20;

  /**
   * What every call is told (git-config(1)). Ancient repositories have flaws that do no harm, so
   * those are let through by the checks of objects.
   */
  private static final Map<String, String> CONFIGURATION =
      ordered(
          "core.hooksPath", "/dev/null",
          "core.fsmonitor", "false",
          "core.askPass", "",
          "core.attributesFile", "/dev/null",
          "core.excludesFile", "/dev/null",
          "core.autocrlf", "false",
          "core.symlinks", "true",
          "core.protectHFS", "true",
          "core.protectNTFS", "true",
          "credential.helper", "",
          "gc.auto", "0",
          "maintenance.auto", "false",
          "advice.detachedHead", "false",
          "init.defaultBranch", "main",
          "protocol.version", "2",
          "safe.directory", "*",
          "transfer.fsckObjects", "true",
          "fetch.fsck.zeroPaddedFilemode", "warn",
          "fetch.fsck.missingSpaceBeforeDate", "warn",
          "fetch.fsck.badTimezone", "warn",
          "fetch.recurseSubmodules", "false",
          "submodule.recurse", "false",
          "http.followRedirects", "false",
          "http.lowSpeedLimit", "1",
          "http.lowSpeedTime", "60");

  private final Path program;
  private final Path home;
  private final GitRules rules;

  /**
   * @param home an empty folder, what git takes for its user's
   */
  GitProgram(Path home, GitRules rules) {
    this.program =
        PLACES.stream()
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow(() ->
                new Fault.Unsupported(
                    "there is no git on this host, which fetches repositories: install git"));
    this.home = home;
    this.rules = rules;
  }

  private static Map<String, String> ordered(String... pairs) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return map;
  }

  /**
   * One call.
   *
   * @param arguments of git
   * @param variables more environment
   * @param settings more configuration; may hold secrets
   * @param local whether a repository in a folder of this host may be read
   * @param watched the folder that it fills; empty when it fills none
   * @param ended tells when nobody wants it any more
   */
  record Call(
      List<String> arguments,
      Map<String, String> variables,
      Map<String, String> settings,
      boolean local,
      Optional<Path> watched,
      BooleanSupplier ended) {
    static Call of(String... arguments) {
      return new Call(List.of(arguments), Map.of(), Map.of(), false, Optional.empty(), () -> false);
    }

    static Call in(Path repository, String... arguments) {
      List<String> all = new ArrayList<>(List.of("--git-dir=" + repository));
      all.addAll(List.of(arguments));
      return new Call(all, Map.of(), Map.of(), false, Optional.empty(), () -> false);
    }

    Call with(Map<String, String> moreVariables, Map<String, String> moreSettings) {
      Map<String, String> all = new LinkedHashMap<>(variables);
      all.putAll(moreVariables);
      Map<String, String> configuration = new LinkedHashMap<>(settings);
      configuration.putAll(moreSettings);
      return new Call(arguments, all, configuration, local, watched, ended);
    }

    Call filling(Path folder, BooleanSupplier over) {
      return new Call(arguments, variables, settings, local, Optional.of(folder), over);
    }

    Call local(boolean allowed) {
      return new Call(arguments, variables, settings, allowed, watched, ended);
    }
  }

  /** A call that did not succeed. */
  static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;
    private final String said;

    Failed(String said) {
      super(said);
      this.said = said;
    }

    /** What git said. */
    String said() {
      return said;
    }
  }

  /**
   * Runs git to its end.
   *
   * @return what it wrote to its standard output
   * @throws Failed when it said that it failed
   * @throws Fault.Unavailable when it took too long
   * @throws Fault.ResourceExhausted when it stored too much
   * @throws Fault.Cancelled when nobody wants it any more
   */
  String run(Call call) throws Failed {
    // the shell sets what files are made with: that is the daemon's own otherwise
    List<String> arguments =
        new ArrayList<>(List.of("-c", "umask 022; exec \"$0\" \"$@\"", program.toString()));
    arguments.addAll(call.arguments());
    Command command =
        new Command(
            Path.of("/bin/sh"), arguments, environment(call), Optional.of(home), Map.of(), true);
    try (Pipe output = Pipe.toRead("output of git");
        Pipe errors = Pipe.toRead("errors of git");
        ChildProcess child =
            ChildProcess.start(command.with(1, output.writer()).with(2, errors.writer()))) {
      output.writer().close();
      errors.writer().close();
      Drain said = new Drain(output.reader());
      Drain complained = new Drain(errors.reader());
      try {
        watch(child, call);
      } finally {
        if (!child.waitUntil(Duration.ZERO)) {
          // it removes half-written packs; a helper that waits for the remote would not notice
          child.signalGroup(Signal.TERM);
          if (!child.waitUntil(GRACE)) {
            child.signalGroup(Signal.KILL);
            child.waitFor();
          }
        }
      }
      said.join();
      complained.join();
      if (child.waitFor() != 0) {
        throw new Failed(complained.text().strip());
      }
      return said.text();
    }
  }

  private void watch(ChildProcess child, Call call) {
    Instant end = Instant.now().plus(rules.mostTime());
    while (!child.waitUntil(LOOK)) {
      if (call.ended().getAsBoolean()) {
        throw new Fault.Cancelled("the build that wanted the repository is over");
      }
      if (Instant.now().isAfter(end)) {
        throw new Fault.Unavailable(
            "git %s has not ended in %d s, the most that is allowed"
                .formatted(verb(call), rules.mostTime().toSeconds()));
      }
      if (call.watched().isPresent()
          && TreeUsage.of(call.watched().get()).bytes() > rules.mostBytes()) {
        throw new Fault.ResourceExhausted(
            "the repository has more than the %d bytes that are allowed"
                .formatted(rules.mostBytes()));
      }
    }
  }

  private static String verb(Call call) {
    return call.arguments().stream().filter(a -> !a.startsWith("-")).findFirst().orElse("");
  }

  private Map<String, String> environment(Call call) {
    Map<String, String> environment = new LinkedHashMap<>(rules.proxies());
    environment.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    environment.put("HOME", home.toString());
    environment.put("LC_ALL", "C");
    environment.put("GIT_CONFIG_NOSYSTEM", "1");
    environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
    environment.put("GIT_CONFIG_SYSTEM", "/dev/null");
    environment.put("GIT_TERMINAL_PROMPT", "0");
    environment.put("GIT_ATTR_NOSYSTEM", "1");
    environment.put("GIT_NO_REPLACE_OBJECTS", "1");
    environment.put(
        "GIT_ALLOW_PROTOCOL",
        "https:http:ssh:git" + (call.local() || rules.localFiles() ? ":file" : ""));
    environment.putAll(call.variables());
    Map<String, String> settings = new LinkedHashMap<>(CONFIGURATION);
    settings.putAll(call.settings());
    int i = 0;
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      environment.put("GIT_CONFIG_KEY_" + i, setting.getKey());
      environment.put("GIT_CONFIG_VALUE_" + i, setting.getValue());
      i++;
    }
    environment.put("GIT_CONFIG_COUNT", String.valueOf(i));
    return environment;
  }

  /** Reads one pipe to its end, on a thread of its own; keeps no more than is allowed. */
  private static final class Drain {
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final Thread thread;

    Drain(Descriptor from) {
      thread = Thread.ofPlatform().daemon().start(() -> drain(from));
    }

    private void drain(Descriptor from) {
      ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
      try {
        while (from.read(buffer) >= 0) {
          synchronized (kept) {
            if (kept.size() < MOST_OUTPUT) {
              kept.write(buffer.array(), 0, buffer.position());
            }
          }
          buffer.clear();
        }
      } catch (Fault.Unavailable closed) {
        // a grandchild holds the pipe open, and nobody listens any more
        buffer.clear();
      }
    }

    void join() {
      try {
        thread.join(GRACE);
      } catch (InterruptedException e) {
        throw new Fault.Cancelled("interrupted while git was read");
      }
    }

    String text() {
      synchronized (kept) {
        return kept.toString(StandardCharsets.UTF_8);
      }
    }
  }
}
