package dev.kemas.daemon;

import dev.kemas.api.server.ApiServer;
import dev.kemas.api.server.Router;
import dev.kemas.api.server.Tls;
import dev.kemas.daemon.config.DaemonConfig;
import dev.kemas.daemon.config.Option;
import dev.kemas.daemon.system.Product;
import dev.kemas.linux.HostCrypto;
import dev.kemas.linux.SignalHandler;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts, put together. {@link #close} takes them apart in the opposite order: first nobody is
 * answered any more, last the data root is free; containers run on.
 */
public final class Daemon implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CountDownLatch stopped = new CountDownLatch(1);

  private Daemon() {}

  /**
   * Starts everything; answers when it returns. From then on SIGHUP reads the configuration again.
   *
   * @param flags of the command line, which hold when the configuration is read again as well
   * @param config what they and the file say
   */
  public static Daemon start(Map<Option, List<String>> flags, DaemonConfig config) {
    Daemon daemon = new Daemon();
    try {
      daemon.wire(flags, config);
      return daemon;
    } catch (RuntimeException e) {
      daemon.stop();
      throw e;
    }
  }

  private void wire(Map<Option, List<String>> flags, DaemonConfig config) {
    own(InstanceLock.take(config.dataRoot()));
    own(PidFile.write(config.pidFile()));
    Services services = own(Services.open(config));
    Reload reload = new Reload(flags, config, services);
    List<Router> routers = Routers.of(config, reload::current, services);
    own(
        ApiServer.start(
            config.hosts(), access(config), "Kemas/" + Product.VERSION + " (linux)", routers));
    SignalHandler.on("HUP", reload::run);
    LOG.info("API listen on {}", config.hosts());
    // behind the first answers: it takes some tens of milliseconds, and until then Java does it
    if (HostCrypto.install().isEmpty()) {
      LOG.info(
          "Java hashes layers and encrypts TLS, which takes long: install libcrypto (Debian's libssl3) to"
              + " have it done by the processor's own instructions");
    }
  }

  private static ApiServer.Access access(DaemonConfig config) {
    DaemonConfig.TlsOptions tls = config.tls();
    Optional<Tls> mutual =
        tls.authority()
            .flatMap(ca -> tls.certificate().flatMap(c -> tls.key().map(k -> new Tls(ca, c, k))));
    return new ApiServer.Access(
        config.group().map(List::of).orElse(ApiServer.Access.LOCAL.groups()),
        mutual,
        tls.refused());
  }

  private <T extends AutoCloseable> T own(T part) {
    parts.push(part);
    return part;
  }

  /** Blocks until the daemon is closed. */
  void awaitStop() {
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** As {@link #stop}. */
  @Override
  public void close() {
    stop();
  }

  /** Takes everything apart; a second call returns when the first is done. */
  void stop() {
    if (closing.compareAndSet(false, true)) {
      while (!parts.isEmpty()) {
        close(parts.pop());
      }
      stopped.countDown();
    } else {
      awaitStop();
    }
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      // the rest must be closed all the same
      LOG.error("{} did not close: {}", part.getClass().getSimpleName(), e.getMessage(), e);
    }
  }
}
