package dev.kemas.engine;

import static dev.kemas.engine.Lab.NO_NETWORK;
import static dev.kemas.engine.Lab.host;
import static dev.kemas.engine.Lab.noNetwork;
import static dev.kemas.engine.Lab.pump;
import static dev.kemas.engine.Lab.soon;
import static dev.kemas.engine.Lab.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Signal;
import dev.kemas.runtime.Attachment;
import dev.kemas.runtime.ExecSession;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The duties of an engine towards a container, on the real machine. */
final class LifeTest {
  @TempDir static Path folder;
  private static Lab lab;
  private static Engine engine;

  @BeforeAll
  static void open() {
    lab = Lab.open(folder).withBusybox();
    engine = lab.engine;
  }

  @AfterEach
  void removeAll() {
    lab.removeAll();
  }

  @AfterAll
  static void nothingIsLeft() {
    assertThat(lab.destroy()).isEmpty();
  }

  private static List<String> actions(Instant since, String id) {
    List<String> actions = new ArrayList<>();
    engine.events().since(since).stream()
        .filter(e -> e.actor().equals(id))
        .forEach(e -> actions.add(e.action()));
    return actions;
  }

  @Test
  void aContainerRunsAndTellsItsExitCodeAndOutput() throws Exception {
    Instant before = Instant.now();
    Lab.Ended ended = lab.run("", "sh", "-c", "echo out; echo err >&2; exit 7");
    assertThat(ended.code()).isEqualTo(7);
    assertThat(ended.output()).contains("out\n").contains("err\n");
    Container container = engine.container(ended.id());
    assertThat(container.state())
        .isInstanceOfSatisfying(
            ContainerState.Exited.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(7);
              assertThat(e.startedAt()).isBetween(before, e.finishedAt());
              assertThat(e.oomKilled()).isFalse();
              assertThat(e.error()).isEmpty();
            });
    assertThat(actions(before, ended.id())).containsExactly("create", "start", "die");
    engine.remove(ended.id(), false, false);
    assertThatThrownBy(() -> engine.container(ended.id()))
        .isInstanceOf(Fault.NotFound.class)
        .hasMessage("No such container: " + ended.id());
    assertThat(actions(before, ended.id())).endsWith("destroy");
  }

  @Test
  void itIsFoundByIdNameAndBeginningOfTheId() {
    Container made = lab.create("some.name_1", NO_NETWORK, "true");
    assertThat(engine.container(made.id())).isEqualTo(made);
    assertThat(engine.container("some.name_1")).isEqualTo(made);
    assertThat(engine.container("/some.name_1")).isEqualTo(made);
    assertThat(engine.container(made.shortId())).isEqualTo(made);
    assertThatThrownBy(() -> engine.container("some")).isInstanceOf(Fault.NotFound.class);
  }

  @Test
  void aNameIsTakenOnce() {
    Container made = lab.create("taken", NO_NETWORK, "true");
    int volumes = lab.volumes.list().size();
    assertThatThrownBy(() -> lab.create("taken", NO_NETWORK + ",\"Volumes\":{\"/v\":{}}", "true"))
        .isInstanceOf(Fault.Conflict.class)
        .hasMessage(
            "Conflict. The container name \"/taken\" is already in use by container \""
                + made.id()
                + "\". You have to remove (or rename) that container to be able to reuse that"
                + " name.");
    assertThat(lab.volumes.list()).as("volumes after a refused request").hasSize(volumes);
    assertThatThrownBy(() -> lab.create("-x", NO_NETWORK, "true"))
        .hasMessage("Invalid container name (-x), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
    engine.rename("taken", "free");
    assertThat(lab.create("taken", NO_NETWORK, "true").name()).isEqualTo("taken");
    assertThat(engine.container("free").id()).isEqualTo(made.id());
    assertThatThrownBy(() -> engine.rename("free", "taken")).isInstanceOf(Fault.Conflict.class);
  }

  @Test
  void aMissingProgramIs127AndAPlainFileIs126() {
    Container missing = lab.create("", NO_NETWORK, "nothing-of-the-kind");
    assertThatThrownBy(() -> engine.start(missing.id()))
        .isInstanceOf(Fault.InvalidArgument.class)
        .hasMessageContaining("nothing-of-the-kind");
    assertThat(engine.container(missing.id()).state())
        .isInstanceOfSatisfying(
            ContainerState.Created.class, c -> assertThat(c.exitCode()).isEqualTo(127));
    Container plain = lab.create("", NO_NETWORK, "/bin/plain");
    assertThatThrownBy(() -> engine.start(plain.id())).isInstanceOf(Fault.class);
    assertThat(engine.container(plain.id()).state().lastExitCode()).isEqualTo(126);
    assertThat(dev.kemas.linux.MountTable.read().beneath(lab.data.resolve("containers"))).isEmpty();
    assertThat(lab.networks.sandboxes()).isEmpty();
  }

  @Test
  void aFailedStartOfAThrowAwayContainerRemovesIt() throws Exception {
    Container made = lab.create("", noNetwork("\"AutoRemove\":true"), "nothing-of-the-kind");
    CompletableFuture<Integer> removed = engine.await(made.id(), Engine.Condition.REMOVED);
    assertThatThrownBy(() -> engine.start(made.id())).isInstanceOf(Fault.InvalidArgument.class);
    assertThat(soon(removed)).isEqualTo(127);
  }

  @Test
  void startingWhatRunsIsNothingToDo() {
    Container running = lab.start("", NO_NETWORK, "sleep", "100");
    assertThatThrownBy(() -> engine.start(running.id())).isInstanceOf(Fault.NotModified.class);
    assertThat(running.state().isAlive()).isTrue();
    assertThat(ProcessHandle.of(running.state().processId())).isPresent();
  }

  @Test
  void stopAsksFirstAndKillsLater() throws Exception {
    Container polite =
        lab.start(
            "",
            NO_NETWORK,
            "sh",
            "-c",
            "trap 'echo bye; exit 3' TERM; echo up; while :; do sleep 0.05; done");
    until("the trap is set", () -> lab.output(polite.id()).contains("up"));
    engine.stop(polite.id(), Optional.empty(), OptionalInt.of(20));
    assertThat(engine.container(polite.id()).state().lastExitCode()).isEqualTo(3);
    assertThat(lab.output(polite.id())).contains("bye");
    assertThatThrownBy(() -> engine.stop(polite.id(), Optional.empty(), OptionalInt.empty()))
        .isInstanceOf(Fault.NotModified.class);

    Instant before = Instant.now();
    Container stubborn =
        lab.start(
            "", NO_NETWORK, "sh", "-c", "trap '' TERM; echo up; while :; do sleep 0.05; done");
    until("the trap is set", () -> lab.output(stubborn.id()).contains("up"));
    engine.stop(stubborn.id(), Optional.empty(), OptionalInt.of(0));
    assertThat(engine.container(stubborn.id()).state().lastExitCode()).isEqualTo(137);
    assertThat(actions(before, stubborn.id()))
        .containsExactly("create", "start", "kill", "kill", "die", "stop");
  }

  @Test
  void theContainersOwnStopSignalIsSent() {
    Container made =
        lab.start(
            "",
            "\"StopSignal\":\"SIGUSR1\"," + NO_NETWORK,
            "sh",
            "-c",
            "trap 'exit 42' USR1; echo up; while :; do sleep 0.05; done");
    until("the trap is set", () -> lab.output(made.id()).contains("up"));
    engine.stop(made.id(), Optional.empty(), OptionalInt.of(20));
    assertThat(engine.container(made.id()).state().lastExitCode()).isEqualTo(42);
  }

  @Test
  void killIsOnlyForWhatRuns() throws Exception {
    Container running = lab.start("", NO_NETWORK, "sleep", "100");
    CompletableFuture<Integer> end = engine.await(running.id(), Engine.Condition.NOT_RUNNING);
    engine.kill(running.id(), Signal.KILL);
    assertThat(soon(end)).isEqualTo(137);
    assertThatThrownBy(() -> engine.kill(running.id(), Signal.KILL))
        .isInstanceOf(Fault.Conflict.class)
        .hasMessageContaining("is not running");
  }

  @Test
  void restartKeepsTheContainerAndItsFiles() throws Exception {
    Container made =
        lab.start("", NO_NETWORK, "sh", "-c", "echo run >>/count; cat /count; sleep 100");
    until("the first run wrote", () -> lab.output(made.id()).contains("run"));
    engine.restart(made.id(), Optional.empty(), OptionalInt.of(0));
    Container again = engine.container(made.id());
    assertThat(again.state().isAlive()).isTrue();
    assertThat(again.state().processId()).isNotEqualTo(made.state().processId());
    until("the second run wrote", () -> lab.output(made.id()).endsWith("run\nrun\nrun\n"));
  }

  @Test
  void restartingAThrowAwayContainerDoesNotThrowItAway() {
    Container made = lab.start("", noNetwork("\"AutoRemove\":true"), "sleep", "100");
    engine.restart(made.id(), Optional.empty(), OptionalInt.of(0));
    assertThat(engine.container(made.id()).state().isAlive()).isTrue();
    engine.stop(made.id(), Optional.empty(), OptionalInt.of(0));
    until("it is gone", () -> engine.containers().isEmpty());
  }

  @Test
  void pauseFreezesAndUnpauseThaws() {
    Container made =
        lab.start(
            "", NO_NETWORK, "sh", "-c", "i=0; while :; do i=$((i+1)); echo $i; sleep 0.02; done");
    until("it counts", () -> lab.output(made.id()).contains("3\n"));
    engine.pause(made.id());
    assertThat(engine.container(made.id()).state()).isInstanceOf(ContainerState.Paused.class);
    assertThatThrownBy(() -> engine.pause(made.id())).isInstanceOf(Fault.Conflict.class);
    assertThatThrownBy(() -> engine.start(made.id()))
        .hasMessage("cannot start a paused container, try unpause instead");
    assertThatThrownBy(() -> engine.execs().create(made.id(), exec("true")))
        .hasMessageContaining("is paused");
    engine.unpause(made.id());
    String then = lab.output(made.id());
    until("it counts on", () -> lab.output(made.id()).length() > then.length());
    engine.pause(made.id());
    engine.stop(made.id(), Optional.empty(), OptionalInt.of(1));
    assertThat(engine.container(made.id()).state()).isInstanceOf(ContainerState.Exited.class);
  }

  @Test
  void aRunningContainerIsOnlyRemovedByForce() {
    Container made = lab.start("busy", NO_NETWORK, "sleep", "100");
    assertThatThrownBy(() -> engine.remove(made.id(), false, false))
        .isInstanceOf(Fault.Conflict.class)
        .hasMessage(
            "cannot remove container \"/busy\": container is running: stop the container before"
                + " removing or force remove");
    engine.pause(made.id());
    assertThatThrownBy(() -> engine.remove(made.id(), false, false))
        .hasMessageContaining(
            "container is paused: unpause and then stop the container before removing or force"
                + " remove");
    engine.remove(made.id(), true, false);
    assertThat(engine.containers()).isEmpty();
  }

  @Test
  void theThreeConditionsOfWait() throws Exception {
    Container made = lab.create("", noNetwork("\"AutoRemove\":true"), "sh", "-c", "exit 9");
    assertThat(soon(engine.await(made.id(), Engine.Condition.NOT_RUNNING))).isZero();
    CompletableFuture<Integer> next = engine.await(made.id(), Engine.Condition.NEXT_EXIT);
    CompletableFuture<Integer> removed = engine.await(made.id(), Engine.Condition.REMOVED);
    CompletableFuture<Integer> givenUp = engine.await(made.id(), Engine.Condition.REMOVED);
    engine.forget(made.id(), givenUp);
    engine.start(made.id());
    assertThat(soon(next)).isEqualTo(9);
    assertThat(soon(removed)).isEqualTo(9);
    assertThat(givenUp).isCancelled();
  }

  @Test
  void whoAttachesBeforeTheStartMissesNothing() throws Exception {
    Container made = lab.create("", NO_NETWORK, "echo", "hello");
    CompletableFuture<Attachment> one = engine.attach(made.id());
    CompletableFuture<Attachment> two = engine.attach(made.id());
    engine.start(made.id());
    CompletableFuture<String> text = one.thenApplyAsync(Lab::pump);
    assertThat(pump(soon(two))).isEqualTo("hello\n");
    assertThat(soon(text)).isEqualTo("hello\n");
  }

  @Test
  void oneThatEndsJustNowIsRemovedByForce() {
    for (int i = 0; i < 15; i++) {
      Container made = lab.start("", NO_NETWORK, "true");
      engine.remove(made.id(), true, true);
    }
    assertThat(engine.containers()).isEmpty();
  }

  @Test
  void whoWaitsToAttachIsToldOfTheRemoval() {
    Container made = lab.create("", NO_NETWORK, "echo", "hello");
    CompletableFuture<Attachment> waiting = engine.attach(made.id());
    engine.remove(made.id(), false, false);
    assertThat(waiting).isCompletedExceptionally();
  }

  @Test
  void standardInputReachesTheProcessAndEnds() throws Exception {
    Container made = lab.create("", "\"OpenStdin\":true,\"StdinOnce\":true," + NO_NETWORK, "cat");
    CompletableFuture<Attachment> attached = engine.attach(made.id());
    CompletableFuture<Integer> end = engine.await(made.id(), Engine.Condition.NEXT_EXIT);
    engine.start(made.id());
    Attachment attachment = soon(attached);
    CompletableFuture<String> text = CompletableFuture.supplyAsync(() -> pump(attachment));
    attachment.write(ByteBuffer.wrap("through\n".getBytes(StandardCharsets.UTF_8)));
    attachment.endInput();
    assertThat(soon(end)).isZero();
    assertThat(soon(text)).isEqualTo("through\n");
  }

  private static Execs.Request exec(String... command) {
    return new Execs.Request(
        List.of(command), List.of("X=y"), "", "", false, false, false, true, true, "");
  }

  private static String text(ExecSession session) throws Exception {
    return new String(session.stdout().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void furtherProcessesRunInTheContainer() throws Exception {
    Container made =
        lab.start("", "\"Env\":[\"A=b\"],\"User\":\"user\"," + NO_NETWORK, "sleep", "100");
    Execs.Exec exec =
        engine.execs().create(made.id(), exec("sh", "-c", "echo $A $X; id -u; exit 5"));
    Execs.Started started = engine.execs().start(exec.id());
    try (ExecSession session = started.session()) {
      assertThat(text(session)).isEqualTo("b y\n1000\n");
    }
    assertThat(soon(started.outcome())).isEqualTo(new ExecSession.Outcome.Ended(5));
    assertThat(exec.exitCode()).hasValue(5);
    assertThat(exec.isRunning()).isFalse();
    assertThatThrownBy(() -> engine.execs().start(exec.id())).isInstanceOf(Fault.Conflict.class);
    assertThatThrownBy(() -> engine.execs().get("nope")).hasMessage("No such exec instance: nope");

    Execs.Started root =
        engine
            .execs()
            .start(
                engine
                    .execs()
                    .create(
                        made.id(),
                        new Execs.Request(
                            List.of("sh", "-c", "id -u; pwd"),
                            List.of(),
                            "root",
                            "/tmp",
                            false,
                            false,
                            false,
                            true,
                            true,
                            ""))
                    .id());
    try (ExecSession session = root.session()) {
      assertThat(text(session)).isEqualTo("0\n/tmp\n");
    }
    Execs.Started missing =
        engine.execs().start(engine.execs().create(made.id(), exec("no-such-thing")).id());
    assertThat(soon(missing.outcome()))
        .isInstanceOfSatisfying(
            ExecSession.Outcome.NotStarted.class, n -> assertThat(n.code()).isEqualTo(127));
    missing.session().close();
    engine.stop(made.id(), Optional.empty(), OptionalInt.of(0));
    assertThatThrownBy(() -> engine.execs().create(made.id(), exec("true")))
        .hasMessage("container " + made.id() + " is not running");
  }

  @Test
  void whatWasAskedOfTheProcessIsSeenInside() throws Exception {
    Lab.Ended ended =
        lab.run(
            "\"Hostname\":\"box\",\"WorkingDir\":\"/made/here\",\"User\":\"user:10\","
                + "\"Env\":[\"ONE=1\"],"
                + noNetwork("\"ReadonlyRootfs\":true,\"Tmpfs\":{\"/scratch\":\"size=1m\"}"),
            "sh",
            "-c",
            "hostname; pwd; id -u; id -g; echo $ONE; touch /x 2>/dev/null || echo read-only;"
                + " test -w /scratch && echo scratch");
    assertThat(ended.output()).isEqualTo("box\n/made/here\n1000\n10\n1\nread-only\nscratch\n");
  }

  @Test
  void aStuckContainerHoldsUpNobody() throws Exception {
    Container stuck = lab.start("", NO_NETWORK, "sleep", "100");
    engine.pause(stuck.id());
    CompletableFuture<Void> stopping =
        CompletableFuture.runAsync(
            () -> engine.stop(stuck.id(), Optional.of(new Signal(10)), OptionalInt.of(-1)),
            task -> Thread.ofVirtual().start(task));
    assertThat(lab.run(NO_NETWORK, "echo", "free").output()).isEqualTo("free\n");
    assertThat(engine.containers()).hasSize(2);
    engine.remove(stuck.id(), true, false);
    soon(stopping.handle((v, e) -> true));
  }

  @Test
  void manyContainersAtOnce() throws Exception {
    List<CompletableFuture<Integer>> codes = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      int code = i;
      codes.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return lab.run(host("\"NetworkMode\":\"bridge\""), "sh", "-c", "exit " + code)
                      .code();
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              },
              task -> Thread.ofVirtual().start(task)));
    }
    for (int i = 0; i < codes.size(); i++) {
      assertThat(soon(codes.get(i))).isEqualTo(i);
    }
  }
}
