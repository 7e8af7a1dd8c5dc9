package dev.kemas.grpc;

import dev.kemas.fault.Fault;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.io.Connection;

/**
 * The calls upon a connection, so that each ends with it. HTTP/2 tells a stream of its connection's
 * end, but not one that is opened at that moment.
 */
final class LiveCalls implements Connection.Listener {
  private final Set<StreamCall> calls = new HashSet<>();
  private final List<Runnable> goneActions = new ArrayList<>();
  private boolean gone;

  /** A call begins. */
  void add(StreamCall call) {
    synchronized (this) {
      if (!gone) {
        calls.add(call);
        return;
      }
    }
    cut(call);
  }

  /** A call has ended. */
  synchronized void remove(StreamCall call) {
    calls.remove(call);
  }

  void whenGone(Runnable action) {
    synchronized (this) {
      if (!gone) {
        goneActions.add(action);
        return;
      }
    }
    action.run();
  }

  @Override
  public void onClosed(Connection connection) {
    List<StreamCall> left;
    List<Runnable> actions;
    synchronized (this) {
      gone = true;
      left = List.copyOf(calls);
      calls.clear();
      actions = List.copyOf(goneActions);
      goneActions.clear();
    }
    left.forEach(LiveCalls::cut);
    actions.forEach(Runnable::run);
  }

  private static void cut(StreamCall call) {
    call.cutBy(new Fault.Unavailable(call.method() + ": the connection is gone"));
  }
}
