package dev.kemas.buildkit;

import com.google.protobuf.ByteString;
import dev.kemas.buildkit.wire.Contents;
import dev.kemas.fault.Fault;
import dev.kemas.grpc.Call;
import dev.kemas.grpc.Services;
import dev.kemas.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Blobs that records of builds name, to be read (containerd, containerd.services.content.v1): those
 * of the records themselves, then the engine's.
 */
final class ContentService {
  private static final String SERVICE = "/containerd.services.content.v1.Content/";
  private static final int PIECE = 512 * 1024;

  private final HistoryStore history;
  private final Blobs blobs;

  ContentService(HistoryStore history, Blobs blobs) {
    this.history = history;
    this.blobs = blobs;
  }

  void addTo(Services services) {
    services
        .answer(SERVICE + "Info", Contents.InfoRequest.parser(), this::info)
        .on(SERVICE + "Read", this::read);
  }

  private Blobs.Blob open(String text) {
    Digest digest = Digest.parse(text);
    Optional<Path> kept = history.blob(digest);
    try {
      if (kept.isPresent()) {
        return new Blobs.Blob(Files.size(kept.get()), Files.newInputStream(kept.get()));
      }
    } catch (IOException e) {
      throw new Fault.Unavailable("blob " + digest + " cannot be read: " + e.getMessage(), e);
    }
    return blobs
        .open(digest)
        .orElseThrow(() -> new Fault.NotFound("blob", text, "content " + text + ": not found"));
  }

  private Contents.InfoResponse info(Contents.InfoRequest request) {
    try (Blobs.Blob blob = open(request.getDigest())) {
      return Contents.InfoResponse.newBuilder()
          .setInfo(Contents.Info.newBuilder().setDigest(request.getDigest()).setSize(blob.size()))
          .build();
    }
  }

  private void read(Call call) throws IOException {
    Contents.ReadContentRequest request = call.receiveOne(Contents.ReadContentRequest.parser());
    if (request.getOffset() < 0 || request.getSize() < 0) {
      throw new Fault.InvalidArgument("content is read from a place in it, and not backwards");
    }
    try (Blobs.Blob blob = open(request.getDigest());
        InputStream in = blob.content()) {
      in.skipNBytes(Math.min(request.getOffset(), blob.size()));
      long left = Math.max(0, blob.size() - request.getOffset());
      left = request.getSize() == 0 ? left : Math.min(left, request.getSize());
      long at = request.getOffset();
      while (left > 0) {
        byte[] piece = in.readNBytes((int) Math.min(PIECE, left));
        if (piece.length == 0) {
          throw new Fault.DataLoss("blob " + request.getDigest() + " is shorter than it was");
        }
        call.send(
            Contents.ReadContentResponse.newBuilder()
                .setOffset(at)
                .setData(ByteString.copyFrom(piece))
                .build());
        at += piece.length;
        left -= piece.length;
      }
    }
  }
}
