package dev.kemas.api.server;

import dev.kemas.api.ProgressMessage;

/** Who is told how a long work goes. For any thread. */
public interface Progress {
  /**
   * Tells one thing.
   *
   * @throws dev.kemas.fault.Fault.Cancelled when the client is gone
   */
  void send(ProgressMessage message);

  /** Has an action run, on a thread of its own, when the client goes away before the end. */
  void onCancel(Runnable action);
}
