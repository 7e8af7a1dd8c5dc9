package dev.kemas.cli.doctor;

import dev.kemas.api.client.Json;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Console;
import dev.kemas.cli.command.Session;
import dev.kemas.flag.Flags;
import dev.kemas.host.HostCheck;
import dev.kemas.host.HostChecks;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code kemas doctor}: works without an engine; 1 where something needed is missing. */
public final class Doctor extends Command {
  private static final long SPARE_BYTES = 2L << 30;

  public Doctor() {}

  @Override
  public String usage() {
    return "[OPTIONS]";
  }

  @Override
  public int most() {
    return 0;
  }

  @Override
  public void declare(Flags flags) {
    flags.value(
        "data-root",
        (char) 0,
        "string",
        "Folder that will hold images and containers",
        "/var/lib/kemas");
    flags.value("format", "string", "'json' prints the findings as JSON");
  }

  @Override
  public int run(Session session, Flags flags) {
    Path dataRoot = Path.of(flags.text("data-root"));
    List<HostCheck> checks = new ArrayList<>(HostChecks.all(dataRoot));
    checks.add(space(dataRoot));
    checks.addAll(new ToolChecks(session.variable("PATH")).all());
    checks.addAll(NetworkChecks.all());
    boolean missing = false;
    for (HostCheck check : checks) {
      missing |= check.state() == HostCheck.State.MISSING;
    }
    if (flags.text("format").equals("json")) {
      session.console().line(json(checks).write());
    } else {
      show(session.console(), checks, missing);
    }
    return missing ? 1 : 0;
  }

  private static HostCheck space(Path dataRoot) {
    Path place = dataRoot.toAbsolutePath();
    Path parent = place.getParent();
    while (!Files.isDirectory(place) && parent != null) {
      place = parent;
      parent = place.getParent();
    }
    try {
      FileStore store = Files.getFileStore(place);
      long free = store.getUsableSpace();
      String finding = free / (1L << 20) + " MiB free on " + store.type() + " at " + place;
      return free >= SPARE_BYTES
          ? HostCheck.ok("disk space", finding)
          : HostCheck.degraded(
              "disk space", finding, "make room, or put the data elsewhere: kemasd --data-root");
    } catch (IOException e) {
      return HostCheck.degraded("disk space", "cannot be told: " + e, "look at " + place);
    }
  }

  private static Json.Arr json(List<HostCheck> checks) {
    Json.Arr all = new Json.Arr();
    for (HostCheck check : checks) {
      all.add(
          Json.object()
              .put("Name", check.name())
              .put("State", check.state().name().toLowerCase(Locale.ROOT))
              .put("Finding", check.finding())
              .put("Remedy", check.remedy()));
    }
    return all;
  }

  private static void show(Console console, List<HostCheck> checks, boolean missing) {
    int widest = 0;
    for (HostCheck check : checks) {
      widest = Math.max(widest, check.name().length());
    }
    boolean color = console.outIsTerminal();
    for (HostCheck check : checks) {
      String name = check.name() + " ".repeat(widest - check.name().length() + 2);
      console.line(mark(check.state(), color) + "  " + name + check.finding());
      if (check.state() != HostCheck.State.OK && !check.remedy().isEmpty()) {
        console.line(" ".repeat(12) + "mend it: " + check.remedy());
      }
    }
    console.line("");
    console.line(
        missing ? "Something that the engine needs is missing." : "The engine can run here.");
  }

  private static String mark(HostCheck.State state, boolean color) {
    return switch (state) {
      case OK -> paint("ok      ", "32", color);
      case DEGRADED -> paint("degraded", "33", color);
      case MISSING -> paint("missing ", "31", color);
    };
  }

  private static String paint(String text, String code, boolean color) {
    return color ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
