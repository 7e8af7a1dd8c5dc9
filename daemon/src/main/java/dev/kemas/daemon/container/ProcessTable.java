package dev.kemas.daemon.container;

import dev.kemas.api.TopResult;
import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** The host's ps(1), cut down to the processes of a container. */
final class ProcessTable {
  private static final long LONGEST_SECONDS = 10;

  private ProcessTable() {}

  static TopResult of(List<Integer> processes, String arguments) {
    List<String> lines = ps(arguments).lines().toList();
    if (lines.isEmpty()) {
      throw new Fault.InvalidArgument("ps " + arguments + " printed nothing");
    }
    List<String> titles = List.of(lines.getFirst().strip().split("\\s+", -1));
    int pid = titles.indexOf("PID");
    if (pid < 0) {
      throw new Fault.InvalidArgument("Couldn't find PID field in ps output");
    }
    Set<String> wanted = new TreeSet<>();
    processes.forEach(p -> wanted.add(Integer.toString(p)));
    List<List<String>> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      // the last column is a command and may have blanks
      List<String> row = Arrays.asList(line.strip().split("\\s+", titles.size()));
      if (row.size() > pid && wanted.contains(row.get(pid))) {
        rows.add(row);
      }
    }
    return new TopResult(titles, rows);
  }

  private static String ps(String arguments) {
    List<String> command = new ArrayList<>(List.of("ps"));
    command.addAll(Arrays.asList(arguments.strip().split("\\s+", -1)));
    try {
      Process process = new ProcessBuilder(command).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String complaint =
          new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new Fault.Unavailable("ps did not end within " + LONGEST_SECONDS + " seconds");
      }
      if (process.exitValue() != 0) {
        throw new Fault.InvalidArgument(
            "Error running ps: " + complaint.strip().toLowerCase(Locale.ROOT));
      }
      return output;
    } catch (IOException e) {
      throw new Fault.Unsupported("cannot run ps: install the package procps (" + e + ")", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault.Cancelled("the client went away");
    }
  }
}
