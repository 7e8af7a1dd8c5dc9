package dev.kemas.image;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.InputStream;

/** Makes an image of one layer of a file system in a tar archive. Thread-safe. */
public final class ImageImporter {
  ImageImporter() {}

  /**
   * Imports an archive, compressed or not. The stream is not closed.
   *
   * @param progress gets the image's id
   * @throws Fault.InvalidArgument when the archive is malformed or a change is not understood
   * @throws IOException what reading the stream threw
   */
  public Image importTar(InputStream tar, ImportRequest request, Progress progress)
      throws IOException {
    throw new Fault.Unsupported("images are not there yet");
  }
}
