package dev.kemas.buildkit;

import dev.kemas.buildkit.wire.Control;
import dev.kemas.fault.Fault;
import dev.kemas.grpc.Call;
import java.util.ArrayList;
import java.util.List;

/**
 * All that was told of a build, for those who follow it from whenever on: each hears it from the
 * beginning. Safe for several threads.
 */
final class StatusFeed {
  /** Output kept, in bytes; what comes beyond is not kept. */
  private static final long MOST_OUTPUT = 32L * 1024 * 1024;

  /** Messages put into one. */
  private static final int BATCH = 512;

  private final List<Control.StatusResponse> told = new ArrayList<>();
  private long output;
  private boolean ended;

  /** Says something. */
  synchronized void tell(Control.StatusResponse status) {
    Control.StatusResponse kept = status;
    for (Control.VertexLog log : status.getLogsList()) {
      output += log.getMsg().size();
    }
    if (output > MOST_OUTPUT && status.getLogsCount() > 0) {
      kept = status.toBuilder().clearLogs().build();
    }
    told.add(kept);
    notifyAll();
  }

  /** All that was told up to now. */
  synchronized List<Control.StatusResponse> told() {
    return List.copyOf(told);
  }

  /** Nothing more will be said. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** Tells a client everything until the end, or until it goes. */
  void follow(Call call) {
    boolean[] cut = new boolean[1];
    call.whenCut(() -> {
      synchronized (this) {
        cut[0] = true;
        notifyAll();
      }
    });
    int next = 0;
    while (true) {
      List<Control.StatusResponse> batch;
      synchronized (this) {
        while (next == told.size() && !ended && !cut[0]) {
          try {
            wait();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Fault.Cancelled("the status was interrupted");
          }
        }
        if (cut[0] || next == told.size()) {
          return;
        }
        int end = Math.min(told.size(), next + BATCH);
        batch = List.copyOf(told.subList(next, end));
        next = end;
      }
      Control.StatusResponse.Builder all = Control.StatusResponse.newBuilder();
      batch.forEach(all::mergeFrom);
      call.send(all.build());
    }
  }
}
