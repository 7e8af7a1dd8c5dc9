package dev.kemas.cli.stream;

import dev.kemas.api.client.Response;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Session;
import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A body of an answer to a file or standard output. */
public final class Download {
  private Download() {}

  /**
   * Writes to standard output where {@code file} is "". A file appears whole or not at all: it is
   * written beside its place and moved.
   */
  public static void to(Session session, Response response, String file) {
    try {
      if (file.isEmpty()) {
        response.body().transferTo(session.console().out());
        return;
      }
      Path target = Path.of(file).toAbsolutePath();
      if (Files.exists(target) && !Files.isRegularFile(target)) {
        try (OutputStream out = Files.newOutputStream(target)) {
          response.body().transferTo(out);
        }
        return;
      }
      whole(response, target);
    } catch (IOException e) {
      throw new Fault.Unavailable(
          "cannot write " + (file.isEmpty() ? "to standard output" : file) + ": " + e, e);
    }
  }

  private static void whole(Response response, Path target) throws IOException {
    Path directory = target.getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new Exit(1, "invalid output path: directory \"" + directory + "\" does not exist");
    }
    Path part = Files.createTempFile(directory, "." + target.getFileName() + ".", ".part");
    try {
      try (OutputStream out = Files.newOutputStream(part)) {
        response.body().transferTo(out);
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
