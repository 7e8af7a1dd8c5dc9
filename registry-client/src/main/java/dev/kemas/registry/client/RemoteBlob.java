package dev.kemas.registry.client;

import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/**
 * A blob on its way. Not verified: who stores it does that.
 *
 * @param stream the bytes; ends in an IOException when nothing comes for too long
 * @param offset of the first byte; 0 where the registry did not resume
 * @param length bytes in the stream, where the registry said
 */
public record RemoteBlob(InputStream stream, long offset, OptionalLong length)
    implements AutoCloseable {
  @Override
  public void close() throws IOException {
    stream.close();
  }
}
