package dev.kemas.api.server;

import dev.kemas.api.ExecInspect;
import dev.kemas.api.ExecRequest;
import dev.kemas.api.ExecStart;

/** What the endpoints about commands in running containers need. */
public interface ExecBackend {
  /** Notes what shall run; returns its id. */
  String create(String container, ExecRequest request);

  /**
   * Runs it with its streams connected; nothing that it writes is missed.
   *
   * @throws dev.kemas.fault.Fault.InvalidArgument when the command cannot be run; the inspection
   *     has the exit code then
   */
  Attachment start(String exec, ExecStart start);

  /** Runs it with nobody listening. */
  void startDetached(String exec, ExecStart start);

  /** Sets the size of its terminal, in characters. */
  void resize(String exec, int height, int width);

  /** All about it, and for a while after its end. */
  ExecInspect inspect(String exec);
}
