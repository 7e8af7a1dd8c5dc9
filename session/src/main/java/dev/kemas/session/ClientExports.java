package dev.kemas.session;

import com.google.protobuf.ByteString;
import dev.kemas.buildkit.wire.FileSync.BytesMessage;
import dev.kemas.fault.Fault;
import dev.kemas.file.transfer.FileSender;
import dev.kemas.file.transfer.FileSource;
import dev.kemas.grpc.OutgoingCall;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The places where a client takes results: a folder of its own, or one stream ({@code
 * moby.filesync.v1.FileSend}). Safe for several threads.
 */
public final class ClientExports {
  private static final String METHOD = "/moby.filesync.v1.FileSend/DiffCopy";
  private static final String EXPORTER = "buildkit-attachable-exporter-id";
  private static final String ABOUT = "exporter-md-";

  /** A message as large as is still sensible to hold twice. */
  private static final int CHUNK = 256 << 10;

  private final Session session;

  /** Those of a client. */
  public ClientExports(Session session) {
    this.session = session;
  }

  /**
   * Sends a tree into the client's folder, beside what is there.
   *
   * @param exporter the number of the place, as the client counts those of a build
   * @throws Fault.Conflict in the client's words, when it cannot take it
   * @throws Fault.Unavailable when the client goes
   */
  public void folder(FileSource files, int exporter) {
    try (OutgoingCall call = session.open(METHOD, metadata(exporter, Map.of()))) {
      FileSender.send(call, files);
      call.halfClose();
      finish(call);
    }
  }

  /**
   * Begins to send an archive. It is complete when the stream is closed: then the client has taken
   * all of it. A stream that is abandoned with {@link Archive#abandon} is not taken.
   *
   * @param about what the client is told of it, such as {@code containerimage.digest}
   */
  public Archive archive(Map<String, String> about, int exporter) {
    return new Archive(session.open(METHOD, metadata(exporter, about)));
  }

  private static Map<String, List<String>> metadata(int exporter, Map<String, String> about) {
    Map<String, List<String>> metadata = new TreeMap<>();
    about.forEach((name, value) -> metadata.put(ABOUT + name, List.of(value)));
    metadata.put(EXPORTER, List.of(String.valueOf(exporter)));
    return metadata;
  }

  private static void finish(OutgoingCall call) {
    if (call.receive(BytesMessage.parser()).isPresent()) {
      throw new Fault.DataLoss("the client sends something where it is to receive an export");
    }
  }

  /** The client's stream. One thread. */
  public static final class Archive extends OutputStream {
    private final OutgoingCall call;
    private final BufferedOutputStream buffer;
    private boolean ended;

    private Archive(OutgoingCall call) {
      this.call = call;
      this.buffer = new BufferedOutputStream(new Messages(call), CHUNK);
    }

    @Override
    public void write(int b) throws IOException {
      buffer.write(b);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      buffer.write(bytes, from, length);
    }

    @Override
    public void flush() throws IOException {
      buffer.flush();
    }

    /** Ends it without its end: the client drops what it has. */
    public void abandon(String why) {
      ended = true;
      call.cancel(why);
    }

    @Override
    public void close() throws IOException {
      if (ended) {
        return;
      }
      ended = true;
      try (call) {
        buffer.flush();
        call.halfClose();
        finish(call);
      } catch (Fault e) {
        throw new IOException("the client does not take the export: " + e.getMessage(), e);
      }
    }
  }

  private static final class Messages extends OutputStream {
    private final OutgoingCall call;

    Messages(OutgoingCall call) {
      this.call = call;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      Objects.checkFromIndexSize(from, length, bytes.length);
      for (int at = from; at < from + length; at += CHUNK) {
        int part = Math.min(CHUNK, from + length - at);
        BytesMessage message =
            BytesMessage.newBuilder().setData(ByteString.copyFrom(bytes, at, part)).build();
        try {
          call.send(message);
        } catch (Fault e) {
          throw new IOException("the client does not take the export: " + e.getMessage(), e);
        }
      }
    }
  }
}
