package dev.kemas.archive;

import dev.kemas.fault.Fault;
import dev.kemas.snapshot.Changes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Writes a difference as a layer's archive: entries sorted by name, so that the same difference
 * gives the same bytes and the same digest. Sockets are left out, as tar cannot hold them. Safe for
 * use by several threads.
 */
// the contract comes before what fills it
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class LayerWriter {
  private final Compression compression;

  /**
   * @param compression {@link Compression#NONE}, {@link Compression#GZIP} or {@link
   *     Compression#ZSTD}
   */
  public LayerWriter(Compression compression) {
    this.compression = compression;
  }

  /**
   * Writes the layer; the stream is not closed. Every folder above a change is in it.
   *
   * @throws Fault.Unsupported when an overlay's upper folder uses what a layer cannot say:
   *     redirects or metadata-only copies
   * @throws IOException what writing the stream threw
   */
  public WrittenLayer write(Changes changes, OutputStream out) throws IOException {
    throw Pending.fault("LayerWriter.write");
  }

  /**
   * Writes a whole tree as one layer, as {@code docker export} does; entries of device 0/0 and
   * other files are written as they are. The stream is not closed.
   */
  public WrittenLayer export(Path root, OutputStream out) throws IOException {
    throw Pending.fault("LayerWriter.export");
  }
}
