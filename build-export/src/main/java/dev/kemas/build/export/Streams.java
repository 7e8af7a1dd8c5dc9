package dev.kemas.build.export;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.OutputStream;

/** Writes to a destination, whole or not at all. */
final class Streams {
  private Streams() {}

  /** Something that is written. */
  interface Content<T> {
    T write(OutputStream out) throws IOException;
  }

  /** Closes the stream only behind the last byte: a closed stream is a whole one. */
  static <T> T write(String what, Destination to, Content<T> content) {
    try {
      OutputStream out = to.open();
      T result = content.write(out);
      out.close();
      return result;
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot write %s: %s".formatted(what, e.getMessage()), e);
    }
  }
}
