package dev.kemas.cli.session;

import dev.kemas.session.client.Destination;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** A result that goes to standard output: what was written of it cannot be taken back. */
record StreamResult(OutputStream out) implements Destination.Stream {
  @Override
  public Destination.Taking begin(Map<String, String> about) {
    return new Destination.Taking() {
      @Override
      public OutputStream bytes() {
        return out;
      }

      @Override
      public void complete() throws IOException {
        out.flush();
      }

      @Override
      public void close() {
        // it is the process's
      }
    };
  }
}
