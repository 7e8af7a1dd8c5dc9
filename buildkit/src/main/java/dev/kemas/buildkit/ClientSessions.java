package dev.kemas.buildkit;

import dev.kemas.fault.Fault;

/** The sessions of the clients that are connected. Safe for several threads. */
@FunctionalInterface
public interface ClientSessions {
  /**
   * What the client of that session lends to one build. Clients name it before it is there, so this
   * waits a little.
   *
   * @return to be closed with the build
   * @throws Fault.NotFound when there is none
   */
  ClientSession get(String id);
}
