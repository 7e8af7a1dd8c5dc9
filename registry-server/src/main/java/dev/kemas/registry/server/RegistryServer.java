package dev.kemas.registry.server;

import dev.kemas.fault.Fault;
import dev.kemas.registry.server.http.Dispatcher;
import dev.kemas.registry.server.repository.Blobs;
import dev.kemas.registry.server.repository.Manifests;
import dev.kemas.registry.server.repository.Quotas;
import dev.kemas.registry.server.repository.Uploads;
import dev.kemas.registry.server.store.FolderStorage;
import dev.kemas.registry.server.store.Storage;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A registry that listens. Each request has a virtual thread. {@link #start} answers from when it
 * returns; {@link #close} stops to listen, lets running answers end within a moment, cuts what is
 * left and closes the storage.
 */
public final class RegistryServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryServer.class);

  /** How long running answers have to end at a stop, in milliseconds. */
  private static final long STOP_MILLIS = 2_000;

  /** After this a connection on which nothing moves is cut, in milliseconds. */
  private static final long IDLE_MILLIS = 60_000;

  private final Server server;
  private final ServerConnector connector;
  private final Storage storage;
  private final AtomicBoolean stopping = new AtomicBoolean();

  private RegistryServer(Server server, ServerConnector connector, Storage storage) {
    this.server = server;
    this.connector = connector;
    this.storage = storage;
  }

  /**
   * Listens and answers.
   *
   * @throws Fault.Unavailable when the address cannot be bound or the store cannot be reached
   * @throws Fault.Conflict when another server has the folder
   */
  public static RegistryServer start(ServerConfig config) {
    Storage storage =
        switch (config.store()) {
          case ServerConfig.Store.Folder folder -> FolderStorage.open(folder.root());
        };
    Server server = new Server(threads(), null, buffers());
    Clock clock = Clock.systemUTC();
    Quotas quotas = new Quotas(storage, clock, config.quotaBytes());
    Blobs blobs = new Blobs(storage, quotas, clock);
    Uploads uploads = new Uploads(storage, blobs, quotas, clock);
    Manifests manifests = new Manifests(storage, blobs);
    server.setHandler(new Dispatcher(blobs, uploads, manifests, config.product()));
    server.setStopTimeout(STOP_MILLIS);
    ServerConnector connector =
        new ServerConnector(
            server, null, null, null, -1, -1, new HttpConnectionFactory(configuration()));
    connector.setHost(config.listen().getAddress().getHostAddress());
    connector.setPort(config.listen().getPort());
    connector.setIdleTimeout(IDLE_MILLIS);
    server.addConnector(connector);
    RegistryServer registry = new RegistryServer(server, connector, storage);
    try {
      server.start();
    } catch (Exception e) {
      registry.stop();
      throw new Fault.Unavailable(
          "cannot listen on "
              + config.listen().getHostString()
              + ":"
              + config.listen().getPort()
              + ": "
              + e.getMessage(),
          e);
    }
    return registry;
  }

  private static QueuedThreadPool threads() {
    QueuedThreadPool threads = new QueuedThreadPool(64, 2, 30_000);
    threads.setName("http");
    threads.setReservedThreads(0);
    threads.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("request-", 0).factory()));
    return threads;
  }

  private static ArrayByteBufferPool buffers() {
    // kept buffers may take 4 MiB on the heap and as much outside; the rest goes back at once
    return new ArrayByteBufferPool(0, 4096, 65536, 64, 4L << 20, 4L << 20);
  }

  private static HttpConfiguration configuration() {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setSendDateHeader(true);
    // names of repositories have slashes, encoded or not; each is checked after it was decoded
    configuration.setUriCompliance(UriCompliance.UNSAFE);
    return configuration;
  }

  /** Where it listens; the port is the real one where 0 was asked for. */
  public InetSocketAddress address() {
    return new InetSocketAddress(connector.getHost(), connector.getLocalPort());
  }

  /** Where the content is, for people. */
  public String content() {
    return storage.describe();
  }

  /** As {@link #stop}. */
  @Override
  public void close() {
    stop();
  }

  /** Stops; a second call does nothing. */
  public void stop() {
    if (!stopping.compareAndSet(false, true)) {
      return;
    }
    try {
      server.stop();
    } catch (Exception e) {
      LOG.warn("the HTTP server did not stop cleanly: {}", e.toString(), e);
    }
    server.destroy();
    storage.close();
  }
}
