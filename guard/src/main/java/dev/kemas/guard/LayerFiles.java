package dev.kemas.guard;

import java.io.IOException;
import java.io.InputStream;

/** The regular files that a layer adds or changes. */
public interface LayerFiles {
  /** Looks at one file. */
  @FunctionalInterface
  interface Visitor {
    /**
     * Called once a file.
     *
     * @param path absolute in the image
     * @param bytes its length
     * @param content opens it; whoever opens it closes it
     */
    void file(String path, long bytes, Content content) throws IOException;
  }

  /** Opens a file. */
  @FunctionalInterface
  interface Content {
    InputStream open() throws IOException;
  }

  /** Hands out each regular file once, in any order. */
  void walk(Visitor visitor) throws IOException;
}
