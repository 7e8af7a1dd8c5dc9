package dev.kemas.image;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Writes archives that Docker reads ({@code manifest.json}, {@code repositories}) and that OCI
 * tools read (a layout with {@code index.json}), with the digests the images have here. No layer is
 * in it twice. The same images give the same bytes. Thread-safe.
 */
public final class ImageSaver {
  ImageSaver() {}

  /**
   * Writes images as one archive. The stream is not closed.
   *
   * @param names names or ids; a repository without tag stands for all its tags
   * @throws Fault.NotFound before anything is written when one of them is not there
   * @throws IOException what writing the stream threw
   */
  public void save(List<String> names, OutputStream out) throws IOException {
    throw new Fault.Unsupported("images are not there yet");
  }

  /**
   * Finds the images without writing anything.
   *
   * @throws Fault.NotFound when one of them is not there
   */
  public void requireAll(List<String> names) {
    throw new Fault.Unsupported("images are not there yet");
  }
}
