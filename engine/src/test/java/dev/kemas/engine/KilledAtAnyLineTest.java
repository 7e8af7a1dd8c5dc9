package dev.kemas.engine;

import static dev.kemas.engine.Lab.soon;
import static dev.kemas.engine.Lab.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kemas.fault.Fault;
import dev.kemas.network.NetworkSpec;
import dev.kemas.runtime.ExecSession;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An engine is killed (SIGKILL) at lines of its own while it makes, starts, changes, ends and
 * removes containers; the next one must find the truth, leak nothing, and be able to go on. By
 * default a few lines are drawn; {@code -Dkemas.kill.points=N} draws more, {@code
 * -Dkemas.kill.seed=N} draws the same again.
 */
final class KilledAtAnyLineTest {
  private static final List<String> PACKAGES =
      List.of(
          "dev.kemas.engine",
          "dev.kemas.runtime",
          "dev.kemas.network",
          "dev.kemas.snapshot",
          "dev.kemas.volume",
          "dev.kemas.metadata");
  private static final int POINTS = Integer.getInteger("kemas.kill.points", 4);
  private static final long SEED = Long.getLong("kemas.kill.seed", System.nanoTime());

  @TempDir static Path folder;
  private static final LineKiller KILLER = new LineKiller(KilledEngine.class, PACKAGES);

  @BeforeAll
  static void prepare() {
    try (Lab lab = Lab.open(folder).withBusybox()) {
      lab.networks.create(NetworkSpec.of("n"));
    }
  }

  @AfterAll
  static void nothingIsLeft() {
    Lab lab = Lab.open(folder);
    lab.volumes.list().forEach(v -> lab.volumes.remove(v.name(), none -> List.of()));
    assertThat(lab.destroy()).isEmpty();
  }

  @Test
  void inTheLifeOfAContainer() throws Exception {
    atEachPoint("life", () -> {}, KilledAtAnyLineTest::lifeGoesOn);
  }

  @Test
  void whileContainersEnd() throws Exception {
    atEachPoint("ends", () -> {}, KilledAtAnyLineTest::endsAreKnown);
  }

  @Test
  void whileItRecovers() throws Exception {
    atEachPoint("recover", KilledAtAnyLineTest::leaveWork, KilledAtAnyLineTest::workIsDone);
  }

  private interface Check {
    void check(Lab lab, List<String> said) throws Exception;
  }

  private interface Preparation {
    void prepare() throws Exception;
  }

  private static void atEachPoint(String script, Preparation preparation, Check check)
      throws Exception {
    Path log = folder.resolve(script + ".log");
    List<String> arguments = List.of(folder.toString(), script);
    preparation.prepare();
    Map<LineKiller.Point, Integer> lines = KILLER.learn(log, arguments);
    check(check, List.of(), "no kill", log);
    List<LineKiller.Point> points = draw(lines);
    List<String> failures = new ArrayList<>();
    for (LineKiller.Point point : points) {
      preparation.prepare();
      Files.writeString(log, "");
      LineKiller.Run run = KILLER.kill(log, arguments, point);
      String what = "seed " + SEED + ", " + (run.killed() ? "killed at " : "not at ") + point;
      try {
        check(check, run.said(), what, log);
      } catch (Throwable e) {
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        failures.add(trace.toString());
      }
    }
    assertThat(failures).isEmpty();
  }

  private static List<LineKiller.Point> draw(Map<LineKiller.Point, Integer> lines) {
    Random random = new Random(SEED);
    List<LineKiller.Point> all = new ArrayList<>(lines.keySet());
    Collections.shuffle(all, random);
    return all.stream().limit(POINTS).map(p -> p.at(1 + random.nextInt(lines.get(p)))).toList();
  }

  private static String last(List<String> said) {
    return said.isEmpty() ? "nothing" : said.getLast();
  }

  private static void check(Check check, List<String> said, String what, Path log)
      throws Exception {
    try (Lab lab = Lab.open(folder)) {
      try {
        check.check(lab, said);
        new Truth(lab).check();
      } catch (AssertionError | Exception e) {
        throw new AssertionError(what + " after " + last(said) + Files.readString(log), e);
      } finally {
        lab.removeAll();
      }
      new Truth(lab).check();
    }
  }

  /** After what was confirmed and what was begun, in {@link KilledEngine}'s words. */
  private static void lifeGoesOn(Lab lab, List<String> said) throws Exception {
    String did = lastOf("did ", said);
    String doing = last(said).startsWith("do ") ? last(said).substring(3) : "";
    new Truth(lab).check();
    List<Container> all = lab.engine.containers();
    if (doing.equals("create") || doing.equals("remove") || did.equals("remove") || did.isEmpty()) {
      assertThat(all.size()).isLessThanOrEqualTo(did.equals("remove") || doing.isEmpty() ? 0 : 1);
    } else {
      assertThat(all).hasSize(1);
    }
    if (all.isEmpty()) {
      return;
    }
    Container container = all.getFirst();
    boolean renamed = lastIndex(said, "did rename") >= 0;
    if (!doing.equals("rename")) {
      assertThat(container.name()).isEqualTo(renamed ? "bb" : "aa");
    }
    boolean mayEnd = List.of("start", "stop", "restart", "kill", "remove").contains(doing);
    if (!mayEnd && !doing.equals("pause") && !doing.equals("unpause")) {
      String word =
          switch (did) {
            case "create" -> "created";
            case "stop", "kill" -> "exited";
            case "pause" -> "paused";
            default -> "running";
          };
      assertThat(container.state().word()).isEqualTo(word);
    }
    if (container.state() instanceof ContainerState.Exited exited) {
      assertThat(exited.exitCode())
          .isIn(did.equals("stop") && doing.isEmpty() ? List.of(7) : List.of(7, 137));
    }
    goesOn(lab, container.id());
  }

  /** All that can be done with a container can still be done. */
  private static void goesOn(Lab lab, String id) throws Exception {
    Engine engine = lab.engine;
    if (engine.container(id).state() instanceof ContainerState.Paused) {
      engine.unpause(id);
    }
    if (!engine.container(id).state().isAlive()) {
      engine.start(id);
    }
    until("its trap is set", () -> lab.output(id).endsWith("up\n"));
    Execs.Exec exec =
        engine
            .execs()
            .create(
                id,
                new Execs.Request(
                    List.of("cat", "/etc/hostname"),
                    List.of(),
                    "",
                    "",
                    false,
                    false,
                    false,
                    true,
                    true,
                    ""));
    Execs.Started started = engine.execs().start(exec.id());
    try (ExecSession session = started.session()) {
      assertThat(new String(session.stdout().readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo(id.substring(0, 12) + "\n");
    }
    assertThat(soon(started.outcome())).isEqualTo(new ExecSession.Outcome.Ended(0));
    engine.stop(id, Optional.empty(), OptionalInt.of(20));
    assertThat(engine.container(id).state().lastExitCode()).isEqualTo(7);
    engine.start(id);
    CompletableFuture<Integer> end = engine.await(id, Engine.Condition.NOT_RUNNING);
    engine.kill(id, dev.kemas.linux.Signal.KILL);
    assertThat(soon(end)).isEqualTo(137);
  }

  private static void endsAreKnown(Lab lab, List<String> said) throws Exception {
    for (String name : List.of("rm", "failing", "missing")) {
      Optional<Container> found =
          lab.engine.containers().stream().filter(c -> c.name().equals(name)).findFirst();
      if (lastIndex(said, "did " + name) >= 0) {
        assertThat(found.isPresent()).as(name).isEqualTo(!name.equals("rm"));
      }
    }
    until(
        "whatever is to be started again has been",
        () ->
            lab.engine.containers().stream()
                .noneMatch(
                    c -> c.state() instanceof ContainerState.Restarting || c.state().isAlive()));
    for (Container container : lab.engine.containers()) {
      int code =
          switch (container.name()) {
            case "failing" -> 5;
            case "missing" -> 127;
            default -> throw new AssertionError("still there: " + container);
          };
      if (container.state() instanceof ContainerState.Created(int failed, String error)) {
        assertThat(failed).isIn(0, container.name().equals("missing") ? 127 : 0);
      } else {
        assertThat(container.state().lastExitCode()).isEqualTo(code);
        assertThat(container.restarts()).isEqualTo(1);
      }
      CompletableFuture<Integer> end = lab.engine.await(container.id(), Engine.Condition.NEXT_EXIT);
      try {
        lab.engine.start(container.id());
      } catch (Fault missing) {
        assertThat(container.name()).isEqualTo("missing");
      }
      assertThat(soon(end)).isEqualTo(code);
      until(
          "it has ended",
          () ->
              !(lab.engine.container(container.id()).state() instanceof ContainerState.Restarting)
                  && !lab.engine.container(container.id()).state().isAlive());
    }
  }

  /** One that runs, one that ended and one that was to be removed while no engine ran. */
  private static void leaveWork() throws Exception {
    List<Long> ends = new ArrayList<>();
    try (Lab lab = Lab.open(folder)) {
      lab.start("stays", "", "sh", "-c", KilledEngine.TRAP);
      Container ended = lab.start("ended", "", "sh", "-c", "sleep 1; exit 9");
      Container rm =
          lab.start("rm", Lab.host("\"AutoRemove\":true"), "sh", "-c", "sleep 1; exit 3");
      Container always =
          lab.start(
              "always",
              Lab.host("\"RestartPolicy\":{\"Name\":\"unless-stopped\"}"),
              "sh",
              "-c",
              "test -e /again || { touch /again; sleep 1; exit 1; }; " + KilledEngine.TRAP);
      List.of(ended, rm, always).forEach(c -> ends.add((long) c.state().processId()));
    }
    until("they ended", () -> ends.stream().allMatch(p -> ProcessHandle.of(p).isEmpty()));
    Files.createDirectories(
        folder.resolve("data/containers").resolve("ab".repeat(32)).resolve("rootfs"));
  }

  private static void workIsDone(Lab lab, List<String> said) throws Exception {
    until(
        "all are as they should be",
        () ->
            lab.engine.containers().stream()
                .map(c -> c.name() + " " + c.state().word() + " " + c.state().lastExitCode())
                .sorted()
                .toList()
                .equals(List.of("always running 0", "ended exited 9", "stays running 0")));
    assertThat(lab.engine.container("always").restarts()).isPositive();
    for (String name : List.of("stays", "always")) {
      goesOn(lab, lab.engine.container(name).id());
    }
  }

  private static String lastOf(String start, List<String> said) {
    return said.stream()
        .filter(s -> s.startsWith(start))
        .reduce((a, b) -> b)
        .map(s -> s.substring(start.length()))
        .orElse("");
  }

  private static int lastIndex(List<String> said, String line) {
    return said.lastIndexOf(line);
  }
}
