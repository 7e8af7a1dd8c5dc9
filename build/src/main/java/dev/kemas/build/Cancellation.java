package dev.kemas.build;

import dev.kemas.fault.Fault;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells a build that nobody waits for it any more. Each thread that works for it asks {@link
 * #check} between two pieces of work and registers what can end a wait. Safe for several threads.
 */
public final class Cancellation {
  private final List<Runnable> actions = new ArrayList<>();
  private String reason = "";
  private boolean cancelled;

  /** One that nobody has ended yet. */
  public Cancellation() {}

  /** The registration of nothing. */
  static final Registration NONE = () -> {};

  /** A registered action; closing takes it back. */
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /** Ends the build; the first reason counts. */
  public void cancel(String why) {
    List<Runnable> toRun;
    synchronized (this) {
      if (cancelled) {
        return;
      }
      cancelled = true;
      reason = why;
      toRun = List.copyOf(actions);
      actions.clear();
    }
    toRun.forEach(Runnable::run);
  }

  /** Whether it was ended. */
  public synchronized boolean isCancelled() {
    return cancelled;
  }

  /**
   * Goes on unless it was ended.
   *
   * @throws Fault.Cancelled with the reason
   */
  public synchronized void check() {
    if (cancelled) {
      throw new Fault.Cancelled(reason);
    }
  }

  /**
   * Has the action run when the build is ended, at once if it was. It must not block for long and
   * must not throw.
   */
  public Registration onCancel(Runnable action) {
    synchronized (this) {
      if (!cancelled) {
        actions.add(action);
        return () -> remove(action);
      }
    }
    action.run();
    return NONE;
  }

  private synchronized void remove(Runnable action) {
    actions.remove(action);
  }

  /**
   * Waits for a thread that works for the build and ends by itself once it is cancelled; an
   * interruption of the wait cancels it.
   */
  void join(Thread thread) {
    while (true) {
      try {
        thread.join();
        return;
      } catch (InterruptedException e) {
        cancel("the build was interrupted");
      }
    }
  }

  /** One that ends with this one, and can be ended alone. */
  public Cancellation child() {
    Cancellation child = new Cancellation();
    onCancel(() -> child.cancel(reason()));
    return child;
  }

  private synchronized String reason() {
    return reason;
  }
}
