package dev.kemas.daemon;

import dev.kemas.daemon.config.DaemonConfig;
import dev.kemas.daemon.config.Option;
import dev.kemas.daemon.config.Reloadable;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the configuration again at SIGHUP, as dockerd does: what can change while the daemon runs
 * is changed and told as the event {@code daemon reload}. A configuration that is not valid changes
 * nothing.
 */
final class Reload {
  private static final Logger LOG = LoggerFactory.getLogger(Reload.class);
  private final Map<Option, List<String>> flags;
  private final Services services;
  private volatile Reloadable current;

  /**
   * @param flags of the command line, which go on to hold
   * @param config what they and the file said at start
   */
  Reload(Map<Option, List<String>> flags, DaemonConfig config, Services services) {
    this.flags = Map.copyOf(flags);
    this.services = services;
    this.current = Reloadable.of(config);
  }

  /** What holds now. */
  Reloadable current() {
    return current;
  }

  /** Does it; a failure is logged and changes nothing. */
  synchronized void run() {
    LOG.info("got SIGHUP: reading the configuration again");
    try {
      DaemonConfig read = DaemonConfig.of(flags);
      Reloadable wanted = Reloadable.of(read);
      // the only step that may refuse comes first
      services.reload(read);
      LogSetup.level(wanted.logLevel());
      current = wanted;
      services.tellReload(attributes(wanted));
      LOG.info("reloaded the configuration: {}", wanted);
    } catch (Fault e) {
      LOG.error("the configuration was not reloaded and stays as it was: {}", e.getMessage());
    }
  }

  private Map<String, String> attributes(Reloadable set) {
    Map<String, String> all = new TreeMap<>();
    all.put("debug", "" + (set.logLevel() == DaemonConfig.LogLevel.DEBUG));
    all.put("default-runtime", services.runtime.defaultRuntime());
    all.put("runtimes", String.join(" ", services.runtime.runtimes().keySet()));
    all.put("insecure-registries", Json.text(set.insecureRegistries()));
    all.put("registry-mirrors", Json.text(set.registryMirrors()));
    all.put("max-concurrent-downloads", "" + set.transfers().downloads());
    all.put("content.keep-compressed", "" + set.content().keepCompressed());
    all.put("max-concurrent-uploads", "" + set.transfers().uploads());
    all.put("labels", Json.text(set.labels()));
    return all;
  }
}
