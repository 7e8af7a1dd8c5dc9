package dev.kemas.cli.container;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Session;
import dev.kemas.cli.image.ImageName;
import dev.kemas.cli.image.Pull;
import dev.kemas.fault.Fault;
import dev.kemas.flag.Flags;
import dev.kemas.flag.UsageError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Creates the container that {@code run} or {@code create} asks for, fetching its image if needed.
 */
final class Creation {
  private Creation() {}

  /** The id of the new container. */
  static String create(Session session, Flags flags, Json.Obj body) {
    String policy = flags.text("pull");
    if (!policy.equals("missing") && !policy.equals("always") && !policy.equals("never")) {
      throw new UsageError(
          "invalid pull option: '"
              + policy
              + "': must be one of \"always\", \"missing\" or"
              + " \"never\"");
    }
    String image = flags.arguments().getFirst();
    String platform = flags.text("platform");
    boolean quiet = flags.isOn("quiet");
    checkIdFile(flags.text("cidfile"));
    if (policy.equals("always")) {
      Pull.forRun(session, image, platform, quiet);
    }
    Json created;
    try {
      created = post(session, flags, body);
    } catch (Fault.NotFound missing) {
      if (!policy.equals("missing") || !missing.getMessage().contains("No such image")) {
        throw missing;
      }
      if (!quiet) {
        session
            .console()
            .error("Unable to find image '" + ImageName.of(image).complete() + "' locally");
      }
      Pull.forRun(session, image, platform, quiet);
      created = post(session, flags, body);
    }
    for (Json warning : created.get("Warnings").items()) {
      session.console().error("WARNING: " + warning.text());
    }
    writeIdFile(flags.text("cidfile"), created.text("Id"));
    return created.text("Id");
  }

  private static Json post(Session session, Flags flags, Json.Obj body) {
    return session.json(
        Request.post("/containers/create")
            .queryIf("name", flags.text("name"))
            .queryIf("platform", flags.text("platform"))
            .body(body));
  }

  private static void checkIdFile(String file) {
    if (!file.isEmpty() && Files.exists(Path.of(file))) {
      throw new UsageError(
          "container ID file found, make sure the other container isn't running or delete " + file);
    }
  }

  private static void writeIdFile(String file, String id) {
    if (file.isEmpty()) {
      return;
    }
    try {
      Files.writeString(
          Path.of(file), id, StandardCharsets.US_ASCII, StandardOpenOption.CREATE_NEW);
    } catch (IOException e) {
      throw new UsageError("failed to create the container ID file: " + e, e);
    }
  }
}
