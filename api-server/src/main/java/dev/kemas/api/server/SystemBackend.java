package dev.kemas.api.server;

import dev.kemas.api.SystemInfo;
import dev.kemas.api.SystemVersion;

/** What the endpoints about the daemon itself need. */
public interface SystemBackend {
  /** The versions of the daemon and of its parts. */
  SystemVersion version();

  /** What the daemon has and can do. */
  SystemInfo info();
}
