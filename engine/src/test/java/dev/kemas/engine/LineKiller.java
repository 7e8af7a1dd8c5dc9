package dev.kemas.engine;

import com.sun.jdi.AbsentInformationException;
import com.sun.jdi.Bootstrap;
import com.sun.jdi.Location;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.ListeningConnector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.VMDeathEvent;
import com.sun.jdi.event.VMDisconnectEvent;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.ClassPrepareRequest;
import com.sun.jdi.request.EventRequest;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Runs a program in a process of its own under the debugger, and kills it (SIGKILL) when one of its
 * threads is about to run a given line. A first run learns which lines there are.
 */
final class LineKiller {
  private static final List<String> JVM =
      List.of(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xmx256m");

  private final Class<?> program;
  private final List<String> packages;

  /**
   * @param program what has the main method; lines count from its method {@code begin} on
   * @param packages whose lines count
   */
  LineKiller(Class<?> program, List<String> packages) {
    this.program = program;
    this.packages = packages;
  }

  /** A line, by the place of its first instruction, and its how-manieth run. */
  record Point(String type, String method, String signature, long index, int line, int time) {
    Point at(int run) {
      return new Point(type, method, signature, index, line, run);
    }

    @Override
    public String toString() {
      return type.substring(type.lastIndexOf('.') + 1) + "." + method + ":" + line + " #" + time;
    }
  }

  /**
   * How a run went.
   *
   * @param said the lines of its standard output
   * @param killed whether the point was reached
   */
  record Run(List<String> said, boolean killed) {}

  /** Runs it to its end; returns each line that was run and how often. */
  Map<Point, Integer> learn(Path log, List<String> arguments) throws Exception {
    Map<Point, Integer> counts = new LinkedHashMap<>();
    List<String> all = new ArrayList<>(arguments);
    all.addAll(types());
    Run run = run(log, all, Optional.empty(), counts);
    if (!run.said().contains("end")) {
      throw new AssertionError("the script failed: " + run.said() + Files.readString(log));
    }
    return counts;
  }

  /** Runs it up to a point. */
  Run kill(Path log, List<String> arguments, Point point) throws Exception {
    List<String> all = new ArrayList<>(arguments);
    all.add(point.type());
    return run(log, all, Optional.of(point), new LinkedHashMap<>());
  }

  /** The classes whose lines count; they are loaded before, so that none comes unseen. */
  private List<String> types() throws IOException {
    List<String> types = new ArrayList<>();
    for (String root : path().split(File.pathSeparator)) {
      for (String name : packages) {
        Path classes = Path.of(root, name.replace('.', '/'));
        if (!root.endsWith("test-classes") && Files.isDirectory(classes)) {
          try (Stream<Path> files = Files.list(classes)) {
            files
                .map(f -> f.getFileName().toString())
                .filter(f -> f.endsWith(".class") && !f.equals("package-info.class"))
                .forEach(f -> types.add(name + "." + f.substring(0, f.length() - 6)));
          }
        }
      }
    }
    return types;
  }

  private static String path() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  private Run run(
      Path log, List<String> arguments, Optional<Point> point, Map<Point, Integer> counts)
      throws Exception {
    ListeningConnector connector =
        Bootstrap.virtualMachineManager().listeningConnectors().stream()
            .filter(c -> c.name().equals("com.sun.jdi.SocketListen"))
            .findFirst()
            .orElseThrow();
    Map<String, Connector.Argument> where = connector.defaultArguments();
    where.get("localAddress").setValue("127.0.0.1");
    where.get("port").setValue("0");
    String address = connector.startListening(where);
    Process child = null;
    try {
      child = start(address, log, arguments);
      Process started = child;
      List<String> said = new ArrayList<>();
      Thread reader = Thread.ofVirtual().start(() -> collect(started, said));
      VirtualMachine machine = connector.accept(where);
      boolean killed = new Session(machine, child, point, counts).drive();
      child.waitFor();
      reader.join();
      return new Run(said, killed);
    } finally {
      connector.stopListening(where);
      if (child != null) {
        child.destroyForcibly().waitFor();
      }
    }
  }

  private Process start(String address, Path log, List<String> arguments) throws IOException {
    List<String> line = new ArrayList<>(JVM);
    line.add(
        "-agentlib:jdwp=transport=dt_socket,server=n,suspend=y,address=127.0.0.1:"
            + address.substring(address.lastIndexOf(':') + 1));
    line.addAll(List.of("-cp", path(), program.getName()));
    line.addAll(arguments);
    return new ProcessBuilder(line)
        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  private static void collect(Process child, List<String> into) {
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      out.lines().forEach(into::add);
    } catch (IOException | java.io.UncheckedIOException killed) {
      into.add("cut");
    }
  }

  /** One process under the debugger. */
  private final class Session {
    private final VirtualMachine machine;
    private final Process child;
    private final Optional<Point> point;
    private final Map<Point, Integer> counts;

    Session(
        VirtualMachine machine, Process child, Optional<Point> point, Map<Point, Integer> counts) {
      this.machine = machine;
      this.child = child;
      this.point = point;
      this.counts = counts;
    }

    boolean drive() throws InterruptedException {
      ClassPrepareRequest request = machine.eventRequestManager().createClassPrepareRequest();
      request.addClassFilter(program.getName());
      request.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
      request.enable();
      try {
        while (true) {
          EventSet events = machine.eventQueue().remove();
          for (Event event : events) {
            switch (event) {
              case ClassPrepareEvent loaded ->
                  breakAt(loaded.referenceType().methodsByName("begin").getFirst().location());
              case BreakpointEvent reached -> {
                if (reached(reached)) {
                  child.destroyForcibly();
                  return true;
                }
              }
              case VMDeathEvent end -> {
                return false;
              }
              case VMDisconnectEvent end -> {
                return false;
              }
              default -> {}
            }
          }
          events.resume();
        }
      } catch (VMDisconnectedException end) {
        return false;
      }
    }

    private boolean reached(BreakpointEvent event) {
      Location place = event.location();
      if (place.declaringType().name().equals(program.getName())) {
        List.copyOf(machine.eventRequestManager().breakpointRequests())
            .forEach(EventRequest::disable);
        machine.allClasses().stream().filter(this::counts).forEach(this::arm);
        return false;
      }
      counts.merge(point(place), 1, Integer::sum);
      return point.map(p -> counts.getOrDefault(p.at(1), 0) >= p.time()).orElse(false);
    }

    private boolean counts(ReferenceType type) {
      String name = type.name();
      return type.isPrepared()
          && packages.stream().anyMatch(p -> name.startsWith(p + "."))
          && !name.contains("$$")
          && !name.startsWith(program.getName())
          && !name.startsWith(Lab.class.getName());
    }

    private void arm(ReferenceType type) {
      if (!counts(type)) {
        return;
      }
      if (point.isPresent() && !point.get().type().equals(type.name())) {
        return;
      }
      try {
        // of a line's places the first only
        Map<String, Location> lines = new LinkedHashMap<>();
        for (Location place : type.allLineLocations()) {
          lines.putIfAbsent(
              place.method().name() + place.method().signature() + place.lineNumber(), place);
        }
        lines.values().stream()
            .filter(l -> point.map(p -> p.at(1).equals(point(l))).orElse(true))
            .forEach(this::breakAt);
      } catch (AbsentInformationException noLines) {
        throw new AssertionError(type + " was compiled without its lines", noLines);
      }
    }

    private void breakAt(Location place) {
      BreakpointRequest request = machine.eventRequestManager().createBreakpointRequest(place);
      request.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
      request.enable();
    }

    private static Point point(Location place) {
      return new Point(
          place.declaringType().name(),
          place.method().name(),
          place.method().signature(),
          place.codeIndex(),
          place.lineNumber(),
          1);
    }
  }
}
