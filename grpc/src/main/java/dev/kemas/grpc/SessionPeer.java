package dev.kemas.grpc;

import dev.kemas.fault.Fault;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.jspecify.annotations.Nullable;

/** The other end of a session of HTTP/2. */
final class SessionPeer implements Peer {
  private final LiveCalls calls;
  private volatile @Nullable Session session;

  SessionPeer(LiveCalls calls) {
    this.calls = calls;
  }

  void session(Session opened) {
    session = opened;
  }

  private Session session() {
    return Objects.requireNonNull(session, "the peer is handed out when there is a session");
  }

  @Override
  public OutgoingCall open(String method, Map<String, List<String>> metadata) {
    CompletableFuture<Stream> opened = new CompletableFuture<>();
    ClientCall call = new ClientCall(method, metadata, opened, calls::remove);
    MetaData.Request request =
        new MetaData.Request(
            "POST",
            HttpURI.from("http://localhost" + method),
            HttpVersion.HTTP_2,
            Headers.request(metadata));
    session()
        .newStream(
            new HeadersFrame(request, null, false),
            Promise.from(opened::complete, opened::completeExceptionally),
            call);
    try {
      opened.join();
    } catch (CompletionException e) {
      throw new Fault.Unavailable(method + ": the other end is gone", e);
    }
    calls.add(call);
    return call;
  }

  @Override
  public void whenGone(Runnable action) {
    calls.whenGone(action);
  }

  @Override
  public void close() {
    session().close(ErrorCode.NO_ERROR.code, "done", Callback.NOOP);
  }
}
