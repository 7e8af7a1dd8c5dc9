package dev.kemas.buildkit;

import dev.kemas.fault.Fault;

/** The sessions of the clients that are connected. Safe for several threads. */
@FunctionalInterface
public interface ClientSessions {
  /**
   * A session by its id. Clients name it before it is there, so this waits a little.
   *
   * @throws Fault.NotFound when there is none
   */
  ClientSession get(String id);
}
