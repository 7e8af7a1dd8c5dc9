package dev.kemas.session;

import com.google.protobuf.ByteString;
import dev.kemas.buildkit.wire.Contents;
import dev.kemas.fault.Fault;
import dev.kemas.grpc.OutgoingCall;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/**
 * A store of blobs that a client offers to be filled (containerd, {@code
 * containerd.services.content.v1}; BuildKit, session/content). Safe for several threads.
 */
public final class ClientStore {
  private static final String METHOD = "/containerd.services.content.v1.Content/Write";
  private static final String STORE = "buildkit-attachable-store-id";
  private static final int PIECE = 512 * 1024;

  private final Session session;
  private final String name;

  /**
   * One of a client's.
   *
   * @param name as the client calls it: {@code export}
   */
  public ClientStore(Session session, String name) {
    this.session = session;
    this.name = name;
  }

  /** Whether the client takes blobs at all. */
  public boolean isOffered() {
    return session.offers(METHOD);
  }

  /**
   * Puts a blob there; one that is there already is left.
   *
   * @param digest that the client compares the content with
   * @throws Fault.Unavailable when the client goes
   * @throws IOException what reading the content threw
   */
  public void write(String digest, long size, InputStream content) throws IOException {
    try (OutgoingCall call = session.open(METHOD, Map.of(STORE, List.of(name)))) {
      long at = ask(call, request(Contents.WriteAction.STAT, digest, size)).getOffset();
      content.skipNBytes(at);
      while (at < size) {
        byte[] piece = content.readNBytes((int) Math.min(PIECE, size - at));
        if (piece.length == 0) {
          throw new Fault.DataLoss("blob " + digest + " is shorter than it was");
        }
        ask(
            call,
            request(Contents.WriteAction.WRITE, digest, size)
                .setOffset(at)
                .setData(ByteString.copyFrom(piece)));
        at += piece.length;
      }
      ask(call, request(Contents.WriteAction.COMMIT, digest, size).setOffset(size));
      call.halfClose();
      // the call is over when the client has nothing more to say of it
      boolean more = true;
      while (more) {
        more = call.receive(Contents.WriteContentResponse.parser()).isPresent();
      }
    } catch (Fault.Conflict e) {
      // it is there: containerd's word for that is a failure
      return;
    }
  }

  private static Contents.WriteContentRequest.Builder request(
      Contents.WriteAction action, String digest, long size) {
    return Contents.WriteContentRequest.newBuilder()
        .setAction(action)
        .setRef("kemas-" + digest)
        .setTotal(size)
        .setExpected(digest);
  }

  private static Contents.WriteContentResponse ask(
      OutgoingCall call, Contents.WriteContentRequest.Builder request) {
    call.send(request.build());
    return call.receiveOne(Contents.WriteContentResponse.parser());
  }
}
