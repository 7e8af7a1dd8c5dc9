package dev.kemas.grpc;

import dev.kemas.fault.Fault;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** A call that this end made: the status comes behind the messages, in the trailers. */
final class ClientCall extends StreamCall implements OutgoingCall {
  private final CompletableFuture<Stream> opened;
  private final Consumer<ClientCall> atEnd;
  private volatile @Nullable HttpFields trailers;
  private volatile @Nullable Fault refused;
  private boolean halfClosed;

  /**
   * @param opened the stream, when there is one
   * @param atEnd told when nobody uses it any more
   */
  ClientCall(
      String method,
      Map<String, List<String>> metadata,
      CompletableFuture<Stream> opened,
      Consumer<ClientCall> atEnd) {
    super(method, metadata);
    this.opened = opened;
    this.atEnd = atEnd;
  }

  @Override
  Stream stream() {
    return opened.join();
  }

  @Override
  void beforeMessage() {}

  @Override
  public void onHeaders(Stream stream, HeadersFrame frame) {
    HttpFields fields = frame.getMetaData().getHttpFields();
    if (frame.getMetaData() instanceof MetaData.Response response) {
      if (response.getStatus() != 200) {
        refused =
            new Fault.Unavailable(
                method() + ": the other end speaks no gRPC, it answered " + response.getStatus());
      } else {
        Headers.compression(fields)
            .ifPresent(name ->
                refused =
                    new Fault.Unsupported(
                        method() + ": messages compressed by " + name + " are not read here"));
      }
    }
    if (frame.isEndStream()) {
      trailers = fields;
      wake();
    }
  }

  @Override
  boolean endKnown() {
    return trailers != null;
  }

  @Override
  void ended() {
    if (refused != null) {
      throw refused;
    }
    if (trailers == null) {
      throw new Fault.Unavailable(method() + ": the other end ended without a status");
    }
    Code code = Code.of(Optional.ofNullable(trailers.get(Headers.STATUS)).orElse("2"));
    if (code != Code.OK) {
      String message = Optional.ofNullable(trailers.get(Headers.MESSAGE)).orElse("");
      throw code.fault(method(), Headers.decode(message));
    }
  }

  @Override
  Fault writeFailed(Throwable cause) {
    if (trailers != null) {
      try {
        ended();
      } catch (Fault fault) {
        return fault;
      }
      return new Fault.Cancelled(method() + ": the other end has ended the call");
    }
    return new Fault.Unavailable(method() + ": the connection is gone", cause);
  }

  @Override
  public void onReset(Stream stream, ResetFrame frame, Callback callback) {
    if (trailers == null) {
      super.onReset(stream, frame, callback);
    } else {
      // the rest of what this end sends is not wanted: the call has its status
      callback.succeeded();
    }
  }

  @Override
  Fault refuse(Fault fault) {
    abort(fault);
    return fault;
  }

  @Override
  public void halfClose() {
    if (halfClosed) {
      return;
    }
    halfClosed = true;
    try {
      write(callback ->
          stream().data(new DataFrame(stream().getId(), ByteBuffer.allocate(0), true), callback));
    } catch (Fault fault) {
      // a call that has its status needs no end of this side
      if (trailers == null) {
        throw fault;
      }
    }
  }

  @Override
  public void cancel(String why) {
    if (!stream().isClosed()) {
      abort(new Fault.Cancelled(method() + ": " + why));
    }
  }

  @Override
  public void close() {
    cancel("it is not wanted any more");
    drop();
    atEnd.accept(this);
  }
}
