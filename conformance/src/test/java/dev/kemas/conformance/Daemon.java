package dev.kemas.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A daemon of the distribution under test with roots of its own, on a socket of its own. It may run
 * beside any other engine on the machine.
 *
 * <p>{@code -Dkemas.conformance.daemon="dockerd --live-restore"} puts another engine in its place:
 * a command that takes dockerd's flags. What the suite asks of Kemas alone is skipped then.
 */
final class Daemon implements AutoCloseable {
  private static final String PEER = System.getProperty("kemas.conformance.daemon", "");
  private static final Duration START = Duration.ofSeconds(30);
  private final Path home;
  private final List<String> program;
  private final List<String> flags;
  private Process process;

  private Daemon(Path home, List<String> program, List<String> flags, Process process) {
    this.home = home;
    this.program = program;
    this.flags = flags;
    this.process = process;
  }

  /** Starts one in a new temporary folder and waits for its first answer. */
  static Daemon start(String... moreFlags) throws IOException, InterruptedException {
    return startIn(Files.createTempDirectory("kemas-e2e-"), moreFlags);
  }

  /** The same in a folder of one's own, which goes with it. */
  static Daemon startIn(Path home, String... moreFlags) throws IOException, InterruptedException {
    return startIn(home, program(), moreFlags);
  }

  /** Starts a stock dockerd, to be held beside the engine under test. */
  static Daemon dockerd(String... moreFlags) throws IOException, InterruptedException {
    return startIn(Files.createTempDirectory("kemas-e2e-"), List.of("dockerd"), moreFlags);
  }

  private static Daemon startIn(Path home, List<String> program, String... moreFlags)
      throws IOException, InterruptedException {
    List<String> flags = List.of(moreFlags);
    Daemon daemon = new Daemon(home, program, flags, launch(home, program, flags));
    daemon.awaitAnswer();
    return daemon;
  }

  private static List<String> program() {
    return PEER.isEmpty()
        ? List.of(distribution().resolve("bin/kemasd").toString())
        : List.of(PEER.split(" "));
  }

  private static Process launch(Path home, List<String> program, List<String> more)
      throws IOException {
    List<String> command = new ArrayList<>(program);
    command.addAll(List.of("-H", "unix://" + home.resolve("d.sock")));
    command.addAll(List.of("--data-root", home.resolve("data").toString()));
    command.addAll(List.of("--exec-root", home.resolve("exec").toString()));
    command.addAll(List.of("--pidfile", home.resolve("d.pid").toString()));
    command.addAll(more);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolve("log").toFile()))
        .start();
  }

  /** Whether the engine under test is Kemas. */
  static boolean isKemas() {
    return PEER.isEmpty();
  }

  /** Skips a check that another engine is known to answer otherwise, for the reason given. */
  static void kemasOnly(String reason) {
    Assumptions.assumeTrue(isKemas(), reason);
  }

  /** Where the distribution lies; fails clearly where it was not built. */
  static Path distribution() {
    Path dist = Path.of(System.getProperty("kemas.distribution", "dist"));
    if (!Files.isExecutable(dist.resolve("bin/kemasd"))) {
      throw new IllegalStateException("no distribution at " + dist + ": run make dist first");
    }
    return dist;
  }

  private void awaitAnswer() throws IOException, InterruptedException {
    Wait.until(
        "the daemon answers on its socket",
        START,
        () -> {
          if (!process.isAlive()) {
            throw new IllegalStateException("the daemon ended at start:\n" + log());
          }
          return Files.exists(socket()) && RawHttp.ping(socket());
        });
  }

  /** Ends it as a power cut would: no clean-up of any kind. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Ends it with SIGTERM; containers go on. */
  void terminate() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the daemon did not end within 30 s of SIGTERM:\n" + log());
    }
  }

  /** Starts it again on the same roots. */
  void restart() throws IOException, InterruptedException {
    restart(flags.toArray(String[]::new));
  }

  /** The same with other flags. */
  void restart(String... others) throws IOException, InterruptedException {
    process = launch(home, program, List.of(others));
    awaitAnswer();
  }

  long pid() {
    return process.pid();
  }

  Path socket() {
    return home.resolve("d.sock");
  }

  String address() {
    return "unix://" + socket();
  }

  Path dataRoot() {
    return home.resolve("data");
  }

  Path home() {
    return home;
  }

  String log() {
    try {
      return Files.readString(home.resolve("log"));
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")";
    }
  }

  /** Runs a client against this daemon: {@code docker} or {@code kemas}. */
  Command.Result run(String client, String... args) throws IOException, InterruptedException {
    return command(client, args).run();
  }

  /** As {@link #run}, and the exit code must be 0. */
  String ok(String client, String... args) throws IOException, InterruptedException {
    return run(client, args).expect(0).out();
  }

  Command command(String client, String... args) {
    List<String> line = new ArrayList<>();
    line.add(client.equals("kemas") ? distribution().resolve("bin/kemas").toString() : client);
    line.addAll(List.of("-H", address()));
    line.addAll(List.of(args));
    return new Command(line, Optional.empty());
  }

  /** Removes every container, stops the daemon and deletes its roots. */
  @Override
  public void close() throws IOException {
    try {
      tidy();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the daemon was tidied away", e);
    }
  }

  /** Nothing may be on the disk that nobody needs: neither blob, layer, ingest nor folder. */
  private void requireOwners() throws IOException, InterruptedException {
    Command.Result check =
        Command.of(
                distribution().resolve("bin/kemasd").toString(),
                "--check",
                "--data-root",
                dataRoot().toString(),
                "--exec-root",
                home.resolve("exec").toString())
            .run();
    if (check.code() != 0) {
      throw new AssertionError(
          "on the disk without an owner:\n"
              + check.out().lines().filter(l -> l.endsWith("NOBODY'S")).toList()
              + check.err());
    }
  }

  private void tidy() throws IOException, InterruptedException {
    if (!process.isAlive()) {
      restart();
    }
    String ids = ok("docker", "ps", "-aq").strip();
    if (!ids.isEmpty()) {
      List<String> args = new ArrayList<>(List.of("rm", "-fv"));
      args.addAll(List.of(ids.split("\\s+", -1)));
      ok("docker", args.toArray(String[]::new));
    }
    terminate();
    if (isKemas() && !program.equals(List.of("dockerd"))) {
      requireOwners();
    } else {
      for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
        if (line.split(" ")[1].startsWith(home.toString())) {
          Command.of("umount", "-l", line.split(" ")[1]).run().expect(0);
        }
      }
    }
    Command.of("rm", "-rf", "--one-file-system", home.toString()).run().expect(0);
  }
}
