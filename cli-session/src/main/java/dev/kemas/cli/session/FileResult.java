package dev.kemas.cli.session;

import dev.kemas.session.client.Destination;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/** A result that goes into a file, which has its name when it is whole. */
record FileResult(Path file) implements Destination.Stream {
  @Override
  public Destination.Taking begin(Map<String, String> about) throws IOException {
    Path absolute = file.toAbsolutePath();
    Path draft = absolute.resolveSibling(absolute.getFileName() + ".part");
    OutputStream out = Files.newOutputStream(draft);
    return new Destination.Taking() {
      @Override
      public OutputStream bytes() {
        return out;
      }

      @Override
      public void complete() throws IOException {
        out.close();
        Files.move(draft, absolute, StandardCopyOption.REPLACE_EXISTING);
      }

      @Override
      public void close() throws IOException {
        out.close();
        Files.deleteIfExists(draft);
      }
    };
  }
}
