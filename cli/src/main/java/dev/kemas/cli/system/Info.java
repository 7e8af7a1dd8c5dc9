package dev.kemas.cli.system;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Release;
import dev.kemas.cli.command.Session;
import dev.kemas.flag.Flags;
import dev.kemas.template.Template;
import dev.kemas.template.TemplateError;
import dev.kemas.text.Human;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code kemas info}. */
public final class Info extends Command {
  public Info() {}

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
        "format",
        'f',
        "string",
        "Format output using a custom template: 'json', or a Go template such as"
            + " '{{.ServerVersion}}'");
  }

  @Override
  public int run(Session session, Flags flags) {
    Json info = session.json(Request.get("/info"));
    String format = flags.text("format");
    if (format.equals("json")) {
      session.console().line(info.write());
    } else if (!format.isEmpty()) {
      try {
        session.console().line(Template.parse(format).apply(info));
      } catch (TemplateError e) {
        throw new Exit(64, "template parsing error: " + e.getMessage(), e);
      }
    } else {
      session.console().print(text(info));
      for (Json warning : info.get("Warnings").items()) {
        session.console().error(warning.text());
      }
    }
    return 0;
  }

  private static String text(Json info) {
    StringBuilder out = new StringBuilder();
    out.append("Client: Kemas\n Version:    ").append(Release.VERSION);
    out.append("\n Context:    default\n Debug Mode: false\n\nServer:\n");
    line(out, " Containers", info.text("Containers"));
    line(out, "  Running", info.text("ContainersRunning"));
    line(out, "  Paused", info.text("ContainersPaused"));
    line(out, "  Stopped", info.text("ContainersStopped"));
    line(out, " Images", info.text("Images"));
    line(out, " Server Version", info.text("ServerVersion"));
    line(out, " Storage Driver", info.text("Driver"));
    for (Json status : info.get("DriverStatus").items()) {
      line(out, "  " + status.items().getFirst().text(), status.items().getLast().text());
    }
    line(out, " Logging Driver", info.text("LoggingDriver"));
    line(out, " Cgroup Driver", info.text("CgroupDriver"));
    line(out, " Cgroup Version", info.text("CgroupVersion"));
    out.append(" Plugins:\n");
    for (String kind : List.of("Volume", "Network", "Log")) {
      line(out, "  " + kind, words(info.get("Plugins").get(kind)));
    }
    line(out, " Swarm", "inactive");
    line(out, " Runtimes", String.join(" ", info.get("Runtimes").fields().keySet()));
    line(out, " Default Runtime", info.text("DefaultRuntime"));
    line(out, " Init Binary", info.text("InitBinary"));
    for (Map.Entry<String, String> part :
        List.of(
            Map.entry("containerd", "ContainerdCommit"),
            Map.entry("runc", "RuncCommit"),
            Map.entry("init", "InitCommit"))) {
      line(out, " " + part.getKey() + " version", info.get(part.getValue()).text("ID"));
    }
    security(out, info);
    line(out, " Kernel Version", info.text("KernelVersion"));
    line(out, " Operating System", info.text("OperatingSystem"));
    line(out, " OSType", info.text("OSType"));
    line(out, " Architecture", info.text("Architecture"));
    line(out, " CPUs", info.text("NCPU"));
    line(out, " Total Memory", Human.binarySize(info.get("MemTotal").number()));
    line(out, " Name", info.text("Name"));
    line(out, " ID", info.text("ID"));
    line(out, " Docker Root Dir", info.text("DockerRootDir"));
    line(out, " Debug Mode", info.text("Debug"));
    line(out, " Experimental", info.text("ExperimentalBuild"));
    list(out, " Labels:", words(info.get("Labels")));
    list(
        out,
        " Insecure Registries:",
        words(info.get("RegistryConfig").get("InsecureRegistryCIDRs")));
    list(out, " Registry Mirrors:", words(info.get("RegistryConfig").get("Mirrors")));
    line(out, " Live Restore Enabled", info.text("LiveRestoreEnabled"));
    return out.append('\n').toString();
  }

  private static void security(StringBuilder out, Json info) {
    if (info.get("SecurityOptions").items().isEmpty()) {
      return;
    }
    out.append(" Security Options:\n");
    for (Json option : info.get("SecurityOptions").items()) {
      for (String part : option.text().split(",", -1)) {
        int equal = part.indexOf('=');
        String value = part.substring(equal + 1);
        boolean isProfile = part.startsWith("profile=");
        out.append(isProfile ? "   Profile: " : "  ").append(value).append('\n');
      }
    }
  }

  private static String words(Json list) {
    List<String> words = new ArrayList<>();
    for (Json item : list.items()) {
      words.add(item.text());
    }
    return String.join(" ", words);
  }

  private static void list(StringBuilder out, String heading, String words) {
    if (!words.isEmpty()) {
      out.append(heading).append('\n');
      for (String word : words.split(" ", -1)) {
        out.append("  ").append(word).append('\n');
      }
    }
  }

  private static void line(StringBuilder out, String label, String value) {
    if (!value.isEmpty()) {
      out.append(label).append(": ").append(value).append('\n');
    }
  }
}
