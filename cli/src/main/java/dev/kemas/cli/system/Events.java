package dev.kemas.cli.system;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.JsonReader;
import dev.kemas.api.client.Request;
import dev.kemas.api.client.Response;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.command.Console;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Filters;
import dev.kemas.cli.command.Session;
import dev.kemas.flag.Flags;
import dev.kemas.template.Template;
import dev.kemas.template.TemplateError;
import dev.kemas.text.Moments;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code kemas events}. */
public final class Events extends Command {
  public Events() {}

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
    flags.list("filter", 'f', "Filter output based on conditions provided");
    flags.value(
        "format",
        "string",
        "Format output using a custom template: 'json', or a Go template such as '{{.Action}}'");
    flags.value("since", "string", "Show all events created since timestamp");
    flags.value("until", "string", "Stream events until this timestamp");
  }

  @Override
  public int run(Session session, Flags flags) {
    long now = System.currentTimeMillis();
    Request request =
        Filters.of(flags.all("filter"))
            .into(
                Request.get("/events")
                    .queryIf("since", Moments.toApi(flags.text("since"), now))
                    .queryIf("until", Moments.toApi(flags.text("until"), now)));
    String format = flags.text("format");
    Optional<Template> template =
        format.isEmpty() || format.equals("json") ? Optional.empty() : Optional.of(parse(format));
    Console console = session.console();
    try (Response response = session.engine().send(request)) {
      JsonReader events = response.jsonStream();
      for (Optional<Json> next = events.next(); next.isPresent(); next = events.next()) {
        Json event = next.get();
        if (template.isPresent()) {
          console.line(template.get().apply(event));
        } else {
          console.line(format.isEmpty() ? line(event) : event.write());
        }
        console.flush();
      }
    } catch (TemplateError e) {
      throw new Exit(64, "Error executing template: " + e.getMessage(), e);
    }
    return 0;
  }

  private static Template parse(String format) {
    try {
      return Template.parse(format);
    } catch (TemplateError e) {
      throw new Exit(64, "Error parsing format: " + e.getMessage(), e);
    }
  }

  private static String line(Json event) {
    StringBuilder out = new StringBuilder();
    long nanos = event.get("timeNano").number();
    out.append(Moments.nanoForm(nanos != 0 ? nanos : event.get("time").number() * 1_000_000_000L));
    Json actor = event.get("Actor");
    String action = event.text("Action");
    out.append(' ').append(event.text("Type")).append(' ').append(action);
    out.append(' ').append(actor.text("ID"));
    String separator = " (";
    for (Map.Entry<String, Json> attribute :
        new TreeMap<>(actor.get("Attributes").fields()).entrySet()) {
      out.append(separator).append(attribute.getKey()).append('=');
      out.append(attribute.getValue().text());
      separator = ", ";
    }
    return separator.equals(" (") ? out.toString() : out.append(')').toString();
  }
}
