package dev.kemas.grpc;

import com.google.protobuf.ByteString;
import dev.kemas.fault.Fault;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A call of the other end: its handler runs, and what became of it goes out as trailers. */
final class ServerCall extends StreamCall {
  private static final Logger LOG = LoggerFactory.getLogger(ServerCall.class);
  private final Stream stream;
  private final boolean noBytes;
  private boolean headersSent;

  /**
   * @param noBytes whether the other end sends none
   */
  ServerCall(String method, Map<String, List<String>> metadata, Stream stream, boolean noBytes) {
    super(method, metadata);
    this.stream = stream;
    this.noBytes = noBytes;
  }

  @Override
  Stream stream() {
    return stream;
  }

  @Override
  boolean endKnown() {
    return noBytes;
  }

  @Override
  void ended() {}

  @Override
  Fault writeFailed(Throwable cause) {
    return new Fault.Unavailable(method() + ": the connection is gone", cause);
  }

  @Override
  void beforeMessage() {
    if (!headersSent) {
      headersSent = true;
      MetaData.Response response =
          new MetaData.Response(200, null, HttpVersion.HTTP_2, contentType());
      write(callback ->
          stream.headers(new HeadersFrame(stream.getId(), response, null, false), callback));
    }
  }

  private static HttpFields.Mutable contentType() {
    return HttpFields.build().put("content-type", Headers.CONTENT_TYPE);
  }

  /** The caller's patience is over. */
  void late(Duration time) {
    abort(new Fault.Cancelled(method() + " took longer than the " + time + " its caller gave it"));
  }

  /** Runs the handler and ends the call. */
  void run(Handler handler) {
    try {
      handler.handle(this);
      end(Code.OK, "", ByteString.EMPTY);
    } catch (Fault fault) {
      LOG.debug("{}: {}", method(), fault.getMessage());
      end(Code.of(fault), fault.getMessage(), ByteString.EMPTY);
    } catch (CallFailed e) {
      LOG.debug("{}: {}", method(), e.getMessage());
      end(e.code(), String.valueOf(e.getMessage()), e.details());
    } catch (Exception | LinkageError e) {
      // an answer in any case: the other side would wait for ever
      LOG.warn("{}: {}", method(), e.toString(), e);
      end(Code.INTERNAL, e.toString(), ByteString.EMPTY);
    }
  }

  private void end(Code code, String message, ByteString details) {
    try {
      drop();
      HttpFields.Mutable fields = headersSent ? HttpFields.build() : contentType();
      fields.put(Headers.STATUS, code.number());
      if (!message.isEmpty()) {
        fields.put(Headers.MESSAGE, Headers.encode(message));
      }
      if (!details.isEmpty()) {
        fields.put(
            Headers.DETAILS,
            Base64.getEncoder().withoutPadding().encodeToString(details.toByteArray()));
      }
      MetaData last =
          headersSent
              ? new MetaData(HttpVersion.HTTP_2, fields)
              : new MetaData.Response(200, null, HttpVersion.HTTP_2, fields);
      write(
          callback -> stream.headers(new HeadersFrame(stream.getId(), last, null, true), callback));
      if (!stream.isRemotelyClosed()) {
        // what the caller still sends is not wanted
        stream.reset(new ResetFrame(stream.getId(), ErrorCode.NO_ERROR.code), Callback.NOOP);
      }
    } catch (Fault gone) {
      LOG.debug("{}: nobody waits for its end: {}", method(), gone.getMessage());
    }
  }
}
