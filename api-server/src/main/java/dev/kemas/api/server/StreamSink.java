package dev.kemas.api.server;

import dev.kemas.api.StreamType;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Who gets a container's output. */
@FunctionalInterface
public interface StreamSink {
  /**
   * Takes a piece; the buffer may be used again after the call.
   *
   * @throws IOException when nobody reads any more
   */
  void accept(StreamType type, ByteBuffer bytes) throws IOException;
}
