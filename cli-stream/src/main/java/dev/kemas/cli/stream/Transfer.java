package dev.kemas.cli.stream;

import dev.kemas.api.client.Request;
import dev.kemas.api.client.Response;
import dev.kemas.cli.command.Console;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Session;
import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Files and streams towards the engine and from it. */
public final class Transfer {
  private static final int BLOCK = 64 * 1024;

  private Transfer() {}

  /** A body out of a file, or out of standard input where {@code file} is "" or "-". */
  public static Request.BodyWriter from(Session session, String file) {
    InputStream in = file.isEmpty() || file.equals("-") ? session.console().in() : open(file);
    return out -> {
      try (in) {
        copy(in, out);
      }
    };
  }

  private static InputStream open(String file) {
    try {
      return Files.newInputStream(Path.of(file));
    } catch (NoSuchFileException e) {
      throw new Exit(1, "open " + file + ": no such file or directory", e);
    } catch (IOException e) {
      throw new Exit(1, "open " + file + ": " + e.getMessage(), e);
    }
  }

  private static void copy(InputStream in, OutputStream out) throws IOException {
    byte[] block = new byte[BLOCK];
    for (int count = in.read(block); count >= 0; count = in.read(block)) {
      out.write(block, 0, count);
    }
  }

  /** Sends a request and shows its progress messages, or with {@code quiet} only their error. */
  public static void run(Session session, Request request, boolean quiet, boolean onError) {
    try (Response response = session.engine().send(request)) {
      if (quiet) {
        show(response, Progress.plain(OutputStream.nullOutputStream()));
      } else {
        show(session, response, onError);
      }
    }
  }

  /** Shows the progress messages of an answer; on standard error if {@code onError}. */
  public static void show(Session session, Response response, boolean onError) {
    Console console = session.console();
    boolean terminal = onError ? console.errIsTerminal() : console.outIsTerminal();
    OutputStream out = onError ? console.err() : console.out();
    show(response, terminal ? Progress.onTerminal(out, onError) : Progress.plain(out));
  }

  private static void show(Response response, Progress progress) {
    try {
      progress.show(response.jsonStream(), aux -> {});
    } catch (ProgressError e) {
      throw new Fault.Internal(e.text(), e);
    }
  }
}
