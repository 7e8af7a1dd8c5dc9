package dev.kemas.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.jspecify.annotations.Nullable;

/**
 * A call upon a stream of HTTP/2: messages to frames and back (gRPC, PROTOCOL-HTTP2.md). Bytes are
 * taken from the connection only as they are read here, so a slow reader slows the other end.
 */
abstract sealed class StreamCall implements Call, Stream.Listener permits ClientCall, ServerCall {
  private static final int PREFIX = 5;
  private final String method;
  private final Map<String, List<String>> metadata;
  private final ReentrantLock sending = new ReentrantLock();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Runnable> cutActions = new ArrayList<>();
  private final CompletableFuture<Void> cutSignal = new CompletableFuture<>();
  private boolean available;
  private boolean lastSeen;
  private @Nullable Fault cut;
  private Stream.@Nullable Data held;

  StreamCall(String method, Map<String, List<String>> metadata) {
    this.method = method;
    this.metadata = metadata;
  }

  /** The stream. */
  abstract Stream stream();

  /** Before the first message goes out. */
  abstract void beforeMessage();

  /** The other end has sent all; throws what it ended the call with. */
  abstract void ended();

  /** What a failed write is told as. */
  abstract Fault writeFailed(Throwable cause);

  @Override
  public final String method() {
    return method;
  }

  @Override
  public final Map<String, List<String>> metadata() {
    return metadata;
  }

  @Override
  public final void send(MessageLite message) {
    int size = message.getSerializedSize();
    if (size > LARGEST_MESSAGE) {
      throw new Fault.InvalidArgument(
          method + ": a message of " + size + " bytes is over the limit of " + LARGEST_MESSAGE);
    }
    ByteBuffer frame = ByteBuffer.allocate(PREFIX + size);
    frame.put((byte) 0).putInt(size);
    CodedOutputStream out = CodedOutputStream.newInstance(frame.array(), PREFIX, size);
    try {
      message.writeTo(out);
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    frame.rewind();
    sending.lock();
    try {
      beforeMessage();
      write(callback -> stream().data(new DataFrame(stream().getId(), frame, false), callback));
    } finally {
      sending.unlock();
    }
  }

  /** Writes and waits until it is written or the call is cut. */
  final void write(Consumer<Callback> writer) {
    check();
    CompletableFuture<Void> written = new CompletableFuture<>();
    writer.accept(Callback.from(() -> written.complete(null), written::completeExceptionally));
    try {
      CompletableFuture.anyOf(written, cutSignal).get();
    } catch (InterruptedException e) {
      throw interrupted();
    } catch (ExecutionException e) {
      check();
      throw writeFailed(e.getCause() == null ? e : e.getCause());
    }
    check();
  }

  private Fault interrupted() {
    Thread.currentThread().interrupt();
    Fault fault = new Fault.Cancelled(method + " was interrupted");
    abort(fault);
    return fault;
  }

  private void check() {
    lock.lock();
    try {
      if (cut != null) {
        throw cut;
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public final <T extends MessageLite> Optional<T> receive(Parser<T> parser) {
    byte[] prefix = new byte[PREFIX];
    if (!fill(prefix, true)) {
      ended();
      return Optional.empty();
    }
    if (prefix[0] != 0) {
      throw refuse(new Fault.Unsupported(method + ": compressed messages are not read here"));
    }
    int length = ByteBuffer.wrap(prefix).getInt(1);
    if (length < 0 || length > LARGEST_MESSAGE) {
      throw refuse(
          new Fault.ResourceExhausted(
              "%s: a message of %d bytes is over the limit of %d"
                  .formatted(method, Integer.toUnsignedLong(length), LARGEST_MESSAGE)));
    }
    byte[] body = new byte[length];
    fill(body, false);
    CodedInputStream in = CodedInputStream.newInstance(body);
    // nobody else has the array: what the message holds of bytes may stay in it
    in.enableAliasing(true);
    try {
      return Optional.of(parser.parseFrom(in));
    } catch (InvalidProtocolBufferException e) {
      throw refuse(new Fault.DataLoss(method + ": not the message it should be", e));
    }
  }

  /** What came cannot be read, and neither can what follows. */
  Fault refuse(Fault fault) {
    return fault;
  }

  /** Fills all of it; false when there is nothing more and that may be. */
  private boolean fill(byte[] target, boolean mayEnd) {
    int done = 0;
    while (done < target.length) {
      ByteBuffer bytes = next();
      if (bytes == null) {
        if (mayEnd && done == 0) {
          return false;
        }
        ended();
        throw new Fault.DataLoss(method + ": the other end stopped in the middle of a message");
      }
      int n = Math.min(bytes.remaining(), target.length - done);
      bytes.get(target, done, n);
      done += n;
    }
    return true;
  }

  /** Bytes that came, waiting for them; null at the end. */
  private @Nullable ByteBuffer next() {
    while (true) {
      check();
      if (held != null) {
        ByteBuffer bytes = held.frame().getByteBuffer();
        if (bytes.hasRemaining()) {
          return bytes;
        }
        lastSeen |= held.frame().isEndStream();
        held.release();
        held = null;
        continue;
      }
      if (lastSeen) {
        return null;
      }
      held = stream().readData();
      if (held == null && !await()) {
        return null;
      }
    }
  }

  /** False when nothing more will come. */
  private boolean await() {
    lock.lock();
    try {
      if (endKnown()) {
        return false;
      }
      available = false;
    } finally {
      lock.unlock();
    }
    stream().demand();
    lock.lock();
    try {
      while (!available && cut == null) {
        changed.await();
      }
      return true;
    } catch (InterruptedException e) {
      throw interrupted();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the other end said that there is no more, other than by the last frame of bytes. */
  boolean endKnown() {
    return false;
  }

  /** Somebody who waits shall look again. */
  final void wake() {
    lock.lock();
    try {
      available = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Drops what is held of the connection's memory. For the thread that receives, at its end. */
  final void drop() {
    if (held != null) {
      held.release();
      held = null;
    }
    for (Stream.Data data = stream().readData(); data != null; data = stream().readData()) {
      boolean last = data.frame().isEndStream();
      data.release();
      if (last) {
        return;
      }
    }
  }

  @Override
  public final void whenCut(Runnable action) {
    lock.lock();
    try {
      if (cut == null) {
        cutActions.add(action);
        return;
      }
    } finally {
      lock.unlock();
    }
    action.run();
  }

  /** Ends the call from here: the other end is told. */
  final void abort(Fault why) {
    if (cutBy(why)) {
      stream()
          .reset(
              new ResetFrame(
                  stream().getId(), org.eclipse.jetty.http2.ErrorCode.CANCEL_STREAM_ERROR.code),
              Callback.NOOP);
    }
  }

  /** False when it was cut before. */
  final boolean cutBy(Fault why) {
    List<Runnable> actions;
    lock.lock();
    try {
      if (cut != null) {
        return false;
      }
      cut = why;
      actions = List.copyOf(cutActions);
      cutActions.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    cutSignal.complete(null);
    actions.forEach(Runnable::run);
    return true;
  }

  @Override
  public final void onDataAvailable(Stream stream) {
    wake();
  }

  @Override
  public void onReset(Stream stream, ResetFrame frame, Callback callback) {
    cutBy(new Fault.Cancelled(method + " was cancelled by the other end"));
    callback.succeeded();
  }

  @Override
  public final void onIdleTimeout(
      Stream stream, java.util.concurrent.TimeoutException x, Promise<Boolean> promise) {
    // a call may be silent for as long as a build's longest step
    promise.succeeded(false);
  }

  @Override
  public final void onFailure(
      Stream stream, int error, String reason, Throwable failure, Callback callback) {
    cutBy(
        new Fault.Unavailable(
            method + ": the connection is gone" + (reason == null ? "" : " (" + reason + ")"),
            failure));
    callback.succeeded();
  }
}
