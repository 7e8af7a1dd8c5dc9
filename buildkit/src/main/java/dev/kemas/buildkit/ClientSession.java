package dev.kemas.buildkit;

import dev.kemas.build.BuildRequest;
import dev.kemas.build.Context;
import dev.kemas.build.Export;
import dev.kemas.fault.Fault;
import java.util.Map;

/** What a client lends to its builds while it is connected. Safe for several threads. */
public interface ClientSession {
  /**
   * A folder of the client, by the name under which it offers it: {@code context}, {@code
   * dockerfile}, or that of a further context.
   */
  Context folder(String name);

  /**
   * An archive that the client uploads when it is asked to.
   *
   * @param address {@code http://buildkit-session/...}
   */
  Context upload(String address);

  /** Logins, secrets and agents. */
  BuildRequest.Access access();

  /**
   * What sends a build's result to the client.
   *
   * @param type {@code local}, {@code tar}, {@code oci} or {@code docker}
   * @param number which of the request's exporters it is, from 0
   * @param attributes as the client gave them
   * @throws Fault.Unsupported for another type
   * @throws Fault.InvalidArgument for an attribute that it cannot be
   */
  Export export(String type, int number, Map<String, String> attributes);

  /** Runs this once when the client is gone. It must not block. */
  void whenGone(Runnable action);
}
