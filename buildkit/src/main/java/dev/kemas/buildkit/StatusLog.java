package dev.kemas.buildkit;

import dev.kemas.buildkit.wire.Control;
import dev.kemas.fault.Fault;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * What was told of a build, as BuildKit's clients know it from bundles of history: messages, each
 * behind its length in four bytes, the lowest first ({@code application/vnd.buildkit.status.v0}).
 */
final class StatusLog {
  static final String TYPE = "application/vnd.buildkit.status.v0";

  /** Messages are put together up to this size. */
  private static final int BATCH = 64 * 1024;

  private StatusLog() {}

  static byte[] write(List<Control.StatusResponse> told) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Control.StatusResponse.Builder batch = Control.StatusResponse.newBuilder();
    int size = 0;
    for (Control.StatusResponse one : told) {
      batch.mergeFrom(one);
      size += one.getSerializedSize();
      if (size >= BATCH) {
        write(out, batch.build());
        batch = Control.StatusResponse.newBuilder();
        size = 0;
      }
    }
    if (size > 0) {
      write(out, batch.build());
    }
    return out.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, Control.StatusResponse message) {
    byte[] bytes = message.toByteArray();
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      out.write(bytes.length >>> shift);
    }
    out.writeBytes(bytes);
  }

  static void read(Path file, Consumer<Control.StatusResponse> to) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
        DataInputStream data = new DataInputStream(in)) {
      while (true) {
        int length;
        try {
          length = Integer.reverseBytes(data.readInt());
        } catch (EOFException e) {
          return;
        }
        to.accept(Control.StatusResponse.parseFrom(data.readNBytes(length)));
      }
    } catch (IOException e) {
      throw new Fault.DataLoss("the log of a build cannot be read: " + e.getMessage(), e);
    }
  }
}
