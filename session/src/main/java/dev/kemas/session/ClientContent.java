package dev.kemas.session;

import com.google.protobuf.ByteString;
import dev.kemas.buildkit.wire.Contents;
import dev.kemas.fault.Fault;
import dev.kemas.grpc.OutgoingCall;
import dev.kemas.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Blobs that a client keeps ({@code containerd.services.content.v1.Content}), in one of its stores:
 * images in a folder, a build cache. What it gives is not looked at. Safe for several threads.
 */
public final class ClientContent {
  private static final String SERVICE = "/containerd.services.content.v1.Content/";
  private static final String STORE = "buildkit-attachable-store-id";
  private static final int CHUNK = 1 << 20;

  private final Session session;
  private final Map<String, List<String>> metadata;

  /**
   * One of a client's stores.
   *
   * @param store its name, as the client has it: {@code oci:ID}, {@code local:FOLDER}
   */
  public ClientContent(Session session, String store) {
    this.session = session;
    this.metadata = new Metadata().with(STORE, List.of(store)).map();
  }

  /**
   * The size of a blob, in bytes; empty when the store has none of it.
   *
   * @throws Fault.Unavailable when the client goes
   * @throws Fault.Unsupported when it offers no stores
   */
  public OptionalLong size(Digest blob) {
    Contents.InfoRequest question =
        Contents.InfoRequest.newBuilder().setDigest(blob.toString()).build();
    try {
      Contents.InfoResponse answer =
          session.ask(SERVICE + "Info", metadata, question, Contents.InfoResponse.parser());
      return OptionalLong.of(answer.getInfo().getSize());
    } catch (Fault.NotFound e) {
      return OptionalLong.empty();
    }
  }

  /**
   * A blob from its beginning; closing ends the transfer. Reading throws what the client says as an
   * {@link IOException}: that it has none, for one.
   */
  public InputStream open(Digest blob) {
    OutgoingCall call = session.open(SERVICE + "Read", metadata);
    call.send(Contents.ReadContentRequest.newBuilder().setDigest(blob.toString()).build());
    call.halfClose();
    return new CallStream(
        call,
        "blob " + blob + " of the client",
        () ->
            call.receive(Contents.ReadContentResponse.parser())
                .map(Contents.ReadContentResponse::getData));
  }

  /**
   * Puts a blob there, unless it is.
   *
   * @param content exactly that many bytes
   * @throws Fault as the client refuses it
   * @throws IOException what reading the content threw
   */
  public void put(Digest blob, long size, InputStream content) throws IOException {
    if (size(blob).isPresent()) {
      return;
    }
    try (OutgoingCall call = session.open(SERVICE + "Write", metadata)) {
      long offset = 0;
      for (byte[] part = content.readNBytes(CHUNK);
          part.length > 0;
          part = content.readNBytes(CHUNK)) {
        Contents.WriteContentRequest.Builder more =
            request(Contents.WriteAction.WRITE, blob, size, offset);
        say(call, more.setData(ByteString.copyFrom(part)).build());
        offset += part.length;
      }
      if (offset != size) {
        throw new IOException("blob %s has %d bytes, not %d".formatted(blob, offset, size));
      }
      say(call, request(Contents.WriteAction.COMMIT, blob, size, offset).build());
      call.halfClose();
      while (call.receive(Contents.WriteContentResponse.parser()).isPresent()) {
        // the last word
      }
    } catch (Fault.Conflict isThere) {
      // somebody else has put it there meanwhile
      if (size(blob).isEmpty()) {
        throw isThere;
      }
    }
  }

  private static Contents.WriteContentRequest.Builder request(
      Contents.WriteAction action, Digest blob, long size, long offset) {
    return Contents.WriteContentRequest.newBuilder()
        .setAction(action)
        .setRef("kemas-" + blob.hex())
        .setTotal(size)
        .setExpected(blob.toString())
        .setOffset(offset);
  }

  /** Each part is answered before the next: the client writes it down first. */
  private static void say(OutgoingCall call, Contents.WriteContentRequest part) {
    call.send(part);
    Optional<Contents.WriteContentResponse> answer =
        call.receive(Contents.WriteContentResponse.parser());
    if (answer.isEmpty()) {
      throw new Fault.Unavailable("the client stopped taking " + part.getExpected());
    }
  }
}
