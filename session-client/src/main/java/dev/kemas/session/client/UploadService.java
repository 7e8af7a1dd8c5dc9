package dev.kemas.session.client;

import com.google.protobuf.ByteString;
import dev.kemas.buildkit.wire.Upload.BytesMessage;
import dev.kemas.fault.Fault;
import dev.kemas.grpc.Call;
import dev.kemas.grpc.Handler;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Sends streams, each once. */
final class UploadService implements Handler {
  private static final int CHUNK = 256 << 10;

  private final Map<String, InputStream> uploads;

  UploadService(Map<String, InputStream> uploads) {
    this.uploads = new ConcurrentHashMap<>(uploads);
  }

  @Override
  public void handle(Call call) throws IOException {
    String path = call.metadata("urlpath").orElse("");
    InputStream upload = uploads.remove(path);
    if (upload == null) {
      throw new Fault.NotFound(
          "upload", path, "no upload " + path + " is offered, or it was taken");
    }
    try (upload) {
      byte[] chunk = new byte[CHUNK];
      for (int n = upload.readNBytes(chunk, 0, CHUNK);
          n > 0;
          n = upload.readNBytes(chunk, 0, CHUNK)) {
        call.send(BytesMessage.newBuilder().setData(ByteString.copyFrom(chunk, 0, n)).build());
      }
    }
  }
}
