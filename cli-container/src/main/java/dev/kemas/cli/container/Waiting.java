package dev.kemas.cli.container;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.api.client.Response;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Session;

/** A wait for the end of a container that is asked for before the container is started. */
final class Waiting {
  private static final int ENGINE = 125;
  private final Response response;

  private Waiting(Response response) {
    this.response = response;
  }

  /** The engine has taken note when this returns: it sends the head of its answer at once. */
  static Waiting begin(Session session, String id, boolean untilRemoved) {
    String condition = untilRemoved ? "removed" : "next-exit";
    return new Waiting(
        session.engine().send(Request.post(Paths.of(id, "wait")).query("condition", condition)));
  }

  /** The exit status of the container's process. */
  int status() {
    Json answer = response.json();
    String error = answer.get("Error").text("Message");
    if (!error.isEmpty()) {
      throw new Exit(ENGINE, "Error waiting for container: " + error);
    }
    return (int) answer.get("StatusCode").number();
  }

  void cancel() {
    response.close();
  }
}
