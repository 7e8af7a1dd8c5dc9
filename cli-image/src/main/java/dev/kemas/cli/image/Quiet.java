package dev.kemas.cli.image;

import dev.kemas.api.client.Response;
import dev.kemas.cli.stream.Progress;
import dev.kemas.cli.stream.ProgressError;
import dev.kemas.fault.Fault;
import java.io.OutputStream;

/** Reads progress messages for their errors alone. */
final class Quiet {
  private Quiet() {}

  static void drain(Response response) {
    try {
      new Progress(OutputStream.nullOutputStream(), false).show(response.jsonStream(), aux -> {});
    } catch (ProgressError e) {
      throw new Fault.Internal(e.text(), e);
    }
  }
}
