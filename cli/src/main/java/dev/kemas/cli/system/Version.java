package dev.kemas.cli.system;

import dev.kemas.api.client.EngineClient;
import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Release;
import dev.kemas.cli.command.Session;
import dev.kemas.fault.Fault;
import dev.kemas.flag.Flags;
import dev.kemas.template.Template;
import dev.kemas.template.TemplateError;
import java.util.Optional;

/** {@code kemas version}. */
public final class Version extends Command {
  private static final int WIDTH = 18;

  public Version() {}

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
            + " '{{.Server.Version}}'");
  }

  @Override
  public int run(Session session, Flags flags) {
    Optional<Fault> failure = Optional.empty();
    Json.Obj both = Json.object();
    Json server = Json.Null.VALUE;
    String api = EngineClient.newestApiVersion();
    try {
      server = session.json(Request.get("/version"));
      api = session.engine().apiVersion();
    } catch (Fault fault) {
      failure = Optional.of(fault);
    }
    both.put("Client", client(api)).put("Server", server);
    session.console().print(shown(flags.text("format"), both));
    if (failure.isPresent()) {
      throw failure.get();
    }
    return 0;
  }

  private static Json.Obj client(String api) {
    return Json.object()
        .put("Version", Release.VERSION)
        .put("ApiVersion", api)
        .put("DefaultAPIVersion", EngineClient.newestApiVersion())
        .put("JavaVersion", System.getProperty("java.version", ""))
        .put("Os", "linux")
        .put("Arch", System.getProperty("os.arch", ""))
        .put("Context", "default");
  }

  private static String shown(String format, Json.Obj both) {
    if (format.equals("json")) {
      return both.write() + "\n";
    }
    if (!format.isEmpty()) {
      try {
        return Template.parse(format).apply(both) + "\n";
      } catch (TemplateError e) {
        throw new Exit(64, "template parsing error: " + e.getMessage(), e);
      }
    }
    StringBuilder out = new StringBuilder();
    Json client = both.get("Client");
    out.append("Client: Kemas\n");
    String api = client.text("ApiVersion");
    String newest = client.text("DefaultAPIVersion");
    line(out, " Version:", client.text("Version"));
    line(
        out, " API version:", api.equals(newest) ? api : api + " (downgraded from " + newest + ")");
    line(out, " Java version:", client.text("JavaVersion"));
    line(out, " OS/Arch:", client.text("Os") + "/" + client.text("Arch"));
    line(out, " Context:", client.text("Context"));
    if (!both.get("Server").isNull()) {
      server(out, both.get("Server"));
    }
    return out.toString();
  }

  private static void server(StringBuilder out, Json server) {
    String platform = server.get("Platform").text("Name");
    out.append("\nServer:").append(platform.isEmpty() ? "" : " " + platform).append('\n');
    boolean named = false;
    for (Json component : server.get("Components").items()) {
      named = true;
      Json details = component.get("Details");
      out.append(' ').append(component.text("Name")).append(":\n");
      line(out, "  Version:", component.text("Version"));
      if (component.text("Name").equals("Engine")) {
        engine(out, details);
      } else {
        line(out, "  GitCommit:", details.text("GitCommit"));
      }
    }
    if (!named) {
      out.append(" Engine:\n");
      line(out, "  Version:", server.text("Version"));
      engine(out, server);
    }
  }

  private static void engine(StringBuilder out, Json details) {
    line(
        out,
        "  API version:",
        details.text("ApiVersion") + " (minimum version " + details.text("MinAPIVersion") + ")");
    optional(out, "  Go version:", details.text("GoVersion"));
    optional(out, "  Java version:", details.text("JavaVersion"));
    line(out, "  Git commit:", details.text("GitCommit"));
    line(out, "  Built:", details.text("BuildTime"));
    line(out, "  OS/Arch:", details.text("Os") + "/" + details.text("Arch"));
    String experimental = details.text("Experimental");
    line(out, "  Experimental:", experimental.isEmpty() ? "false" : experimental);
  }

  private static void optional(StringBuilder out, String label, String value) {
    if (!value.isEmpty()) {
      line(out, label, value);
    }
  }

  private static void line(StringBuilder out, String label, String value) {
    out.append(label).append(" ".repeat(Math.max(1, WIDTH + 1 - label.length())));
    out.append(value).append('\n');
  }
}
