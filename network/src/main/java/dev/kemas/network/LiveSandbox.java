package dev.kemas.network;

import dev.kemas.dns.NameService;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** One open sandbox with what this process holds for it. Changed under its lock only. */
final class LiveSandbox {
  final ReentrantLock lock = new ReentrantLock();

  /** Read without the lock. */
  volatile StoredSandbox stored;

  /** Whether others may see it. */
  volatile boolean ready;

  boolean closed;
  List<HostPorts.Held> held = List.of();
  List<RuleTable.Port> rules = List.of();
  Optional<NameService.Post> post = Optional.empty();

  LiveSandbox(StoredSandbox stored) {
    this.stored = stored;
  }
}
