package dev.kemas.session;

import dev.kemas.buildkit.wire.Upload.BytesMessage;
import dev.kemas.fault.Fault;
import dev.kemas.grpc.OutgoingCall;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A stream that a client offers under an address of its own making, such as the archive on its
 * standard input ({@code moby.upload.v1.Upload}).
 */
public final class ClientUpload {
  private static final String METHOD = "/moby.upload.v1.Upload/Pull";

  private final Session session;

  /** Those of a client. */
  public ClientUpload(Session session) {
    this.session = session;
  }

  /**
   * Begins to read one; it can be read once. Closing ends it.
   *
   * @param address {@code http://buildkit-session/ID} as the client told it
   * @throws Fault.Unavailable when the client goes; while it is read, as an {@link IOException}
   */
  public InputStream open(URI address) {
    Map<String, List<String>> metadata =
        Map.of(
            "urlpath", List.of(Objects.requireNonNullElse(address.getPath(), "")),
            "urlhost", List.of(Objects.requireNonNullElse(address.getAuthority(), "")));
    OutgoingCall call = session.open(METHOD, metadata);
    return new CallStream(
        call,
        "the client's upload",
        () -> call.receive(BytesMessage.parser()).map(BytesMessage::getData));
  }
}
