package dev.kemas.engine;

import dev.kemas.container.HostConfig;
import dev.kemas.container.NetworkingConfig;
import dev.kemas.container.Resources;
import dev.kemas.linux.Signal;
import dev.kemas.oci.Json;
import dev.kemas.runtime.ExecSession;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/**
 * An engine that does one thing after the other and says so on its standard output: {@code do X}
 * before, {@code did X} when it has been confirmed. It is there to be killed by {@link LineKiller}.
 */
final class KilledEngine {
  static final String TRAP = "trap 'exit 7' TERM; echo up; while :; do sleep 0.02; done";
  static final int MEMORY = 64 << 20;

  private final Lab lab;
  private final Engine engine;

  private KilledEngine(Lab lab) {
    this.lab = lab;
    this.engine = lab.engine;
  }

  /** From here on lines count. */
  static void begin() {
    System.out.println("begin");
  }

  /** The arguments: the folder of the lab, which script, and the classes whose lines count. */
  public static void main(String[] arguments) throws Exception {
    for (String type : List.of(arguments).subList(2, arguments.length)) {
      Class.forName(type);
    }
    if (arguments[1].equals("recover")) {
      begin();
    }
    try (Lab lab = Lab.open(Path.of(arguments[0]))) {
      KilledEngine killed = new KilledEngine(lab);
      switch (arguments[1]) {
        case "life" -> killed.life();
        case "ends" -> killed.ends();
        case "recover" -> {}
        default -> throw new IllegalArgumentException(arguments[1]);
      }
    }
    System.out.println("end");
    System.exit(0);
  }

  private interface Step {
    void run() throws Exception;
  }

  private static void step(String name, Step step) throws Exception {
    System.out.println("do " + name);
    step.run();
    System.out.println("did " + name);
  }

  private void life() throws Exception {
    begin();
    step(
        "create",
        () ->
            lab.create(
                "aa",
                "\"Volumes\":{\"/own\":{}},"
                    + Lab.host(
                        "\"NetworkMode\":\"bridge\",\"Binds\":[\"named:/named\"],"
                            + "\"PortBindings\":{\"80/tcp\":[{}]}"),
                "sh",
                "-c",
                TRAP));
    step("start", () -> engine.start("aa"));
    Lab.until("the trap is set", () -> lab.output("aa").contains("up"));
    step("exec", () -> exec("aa"));
    step("update", () -> engine.update("aa", memory(), Optional.empty()));
    step("rename", () -> engine.rename("aa", "bb"));
    step("pause", () -> engine.pause("bb"));
    step("unpause", () -> engine.unpause("bb"));
    step("connect", () -> engine.connect("n", "bb", NetworkingConfig.EndpointRequest.DEFAULT));
    step("disconnect", () -> engine.disconnect("n", "bb", false));
    step("stop", () -> engine.stop("bb", Optional.empty(), OptionalInt.of(20)));
    step("start", () -> engine.start("bb"));
    step("restart", () -> engine.restart("bb", Optional.empty(), OptionalInt.of(0)));
    CompletableFuture<Integer> end = engine.await("bb", Engine.Condition.NEXT_EXIT);
    step(
        "kill",
        () -> {
          engine.kill("bb", Signal.KILL);
          Lab.soon(end);
        });
    step("start", () -> engine.start("bb"));
    step("remove", () -> engine.remove("bb", true, true));
  }

  /** Containers that end by themselves. */
  private void ends() throws Exception {
    begin();
    step(
        "rm",
        () -> {
          String id = lab.create("rm", Lab.host("\"AutoRemove\":true"), "sh", "-c", "exit 3").id();
          CompletableFuture<Integer> gone = engine.await(id, Engine.Condition.REMOVED);
          engine.start(id);
          Lab.soon(gone);
        });
    step(
        "failing",
        () -> {
          String id =
              lab.create(
                      "failing",
                      Lab.host(
                          "\"RestartPolicy\":{\"Name\":\"on-failure\",\"MaximumRetryCount\":1}"),
                      "sh",
                      "-c",
                      "exit 5")
                  .id();
          engine.start(id);
          Lab.until(
              "it has failed twice",
              () -> engine.container(id).state() instanceof ContainerState.Exited);
        });
    step(
        "missing",
        () -> {
          String id = lab.create("missing", Lab.host(""), "no-such-program").id();
          try {
            engine.start(id);
          } catch (dev.kemas.fault.Fault expected) {
            System.out.println(expected.getMessage());
          }
        });
  }

  private void exec(String name) throws Exception {
    Execs.Exec exec =
        engine
            .execs()
            .create(
                name,
                new Execs.Request(
                    List.of("echo", "hi"), List.of(), "", "", false, false, false, true, true, ""));
    Execs.Started started = engine.execs().start(exec.id());
    try (ExecSession session = started.session()) {
      session.stdout().readAllBytes();
    }
    Lab.soon(started.outcome());
  }

  static Resources memory() {
    return Json.read("{\"Memory\":" + MEMORY + "}", HostConfig.class, "limits").resources();
  }
}
