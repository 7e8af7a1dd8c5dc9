package dev.kemas.api.server;

import dev.kemas.api.ApiJson;
import dev.kemas.api.ProgressMessage;
import dev.kemas.api.server.http.Call;
import dev.kemas.api.server.http.HttpErrors;
import dev.kemas.fault.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An answer of JSON lines. A fault before the first line gets its own status, a later one is the
 * last line, as Docker's clients expect.
 */
final class ProgressAnswer implements Progress {
  private static final Logger LOG = LoggerFactory.getLogger(ProgressAnswer.class);
  private final Call call;
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private @Nullable OutputStream out;

  /** What may take long. */
  @FunctionalInterface
  interface Work {
    void run(Progress progress) throws Exception;
  }

  /** What may take long and reads the request's body. */
  @FunctionalInterface
  interface BodyWork {
    void run(InputStream body, Progress progress) throws Exception;
  }

  private ProgressAnswer(Call call) {
    this.call = call;
  }

  /** Runs the work and answers; for a request without a body. */
  static void of(Call call, Work work) throws Exception {
    ProgressAnswer answer = new ProgressAnswer(call);
    answer.watch();
    run(answer, work);
  }

  /** The same for one with a body; the client is watched from the body's end on. */
  static void withBody(Call call, BodyWork work) throws Exception {
    ProgressAnswer answer = new ProgressAnswer(call);
    InputStream body = new WatchedBody(call.body(), answer::watch);
    run(answer, progress -> work.run(body, progress));
  }

  private void watch() {
    call.watchClient().whenGone(() -> gone.complete(null));
  }

  private static void run(ProgressAnswer answer, Work work) throws Exception {
    try {
      work.run(answer);
      answer.open();
    } catch (Exception e) {
      if (!answer.call.answered()) {
        throw e;
      }
      answer.fail(e);
    }
  }

  private void fail(Exception failure) throws IOException {
    Fault fault = HttpErrors.asFault(failure);
    if (HttpErrors.status(fault) == 500) {
      LOG.error("{}", fault.getMessage(), failure);
    }
    if (fault instanceof Fault.Cancelled) {
      return;
    }
    write(ProgressMessage.error(fault.getMessage(), OptionalInt.empty()));
  }

  @Override
  public void send(ProgressMessage message) {
    try {
      write(message);
    } catch (IOException e) {
      throw new Fault.Cancelled("the client went away: " + e.getMessage());
    }
  }

  private void write(ProgressMessage message) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    line.writeBytes(ApiJson.write(message));
    line.write('\r');
    line.write('\n');
    synchronized (this) {
      OutputStream to = open();
      to.write(line.toByteArray());
      to.flush();
    }
  }

  private synchronized OutputStream open() throws IOException {
    OutputStream to = out;
    if (to == null) {
      to = call.stream("application/json");
      out = to;
    }
    return to;
  }

  @Override
  public void onCancel(Runnable action) {
    Thread.ofVirtual()
        .name("cancel")
        .start(() -> {
          gone.join();
          action.run();
        });
  }
}
