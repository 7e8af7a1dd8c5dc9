package dev.kemas.cli.build;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.JsonReader;
import dev.kemas.api.client.Response;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Session;
import java.util.Optional;

/** The engine's messages as they come, one a line: for programs. */
final class Raw {
  private Raw() {}

  static void show(Session session, Response response, Outcome outcome) {
    JsonReader messages = response.jsonStream();
    for (Optional<Json> next = messages.next(); next.isPresent(); next = messages.next()) {
      Json message = next.get();
      session.console().line(message.write());
      session.console().flush();
      outcome.take(message.get("aux"));
      if (!message.text("error").isEmpty()) {
        int code = (int) message.get("errorDetail").get("code").number();
        throw new Exit(code == 0 ? 1 : code, message.text("error"));
      }
    }
  }
}
