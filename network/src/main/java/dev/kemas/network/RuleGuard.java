package dev.kemas.network;

import dev.kemas.fault.Fault;
import dev.kemas.netlink.NftablesWatch;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the rules back when somebody removes them: the restart of a firewall flushes the tables of
 * all, and without ours no container reaches the outside.
 */
final class RuleGuard implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RuleGuard.class);

  private final RuleTable rules;
  private final String table;
  private final NftablesWatch watch;

  private RuleGuard(RuleTable rules, String table, NftablesWatch watch) {
    this.rules = rules;
    this.table = table;
    this.watch = watch;
  }

  static RuleGuard start(HostKernel kernel, RuleTable rules, String table) {
    RuleGuard guard = new RuleGuard(rules, table, kernel.inHost(NftablesWatch::open));
    Thread.ofVirtual().name("kemas-net-rules").start(guard::run);
    return guard;
  }

  private void run() {
    while (true) {
      Set<String> removed;
      try {
        removed = watch.awaitRemoval();
      } catch (Fault.Unavailable e) {
        LOG.debug("the rules are watched no more", e);
        return;
      } catch (Fault e) {
        LOG.error("the rules are not watched any more; a firewall's restart will remove them", e);
        return;
      }
      // an empty set: notifications were lost, ours may have been among them
      if (removed.isEmpty() || removed.contains(table)) {
        restore();
      }
    }
  }

  private void restore() {
    try {
      if (rules.restore()) {
        LOG.warn("somebody removed the nftables table {}; it was put back", table);
      }
    } catch (RuntimeException e) {
      LOG.error("the nftables table {} is gone and could not be put back", table, e);
    }
  }

  @Override
  public void close() {
    watch.close();
  }
}
