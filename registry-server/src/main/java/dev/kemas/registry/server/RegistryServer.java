package dev.kemas.registry.server;

import dev.kemas.fault.Fault;
import dev.kemas.registry.client.RegistryClient;
import dev.kemas.registry.client.RegistryLogin;
import dev.kemas.registry.client.RegistrySettings;
import dev.kemas.registry.server.auth.Gate;
import dev.kemas.registry.server.auth.Passwords;
import dev.kemas.registry.server.auth.Rights;
import dev.kemas.registry.server.auth.Tokens;
import dev.kemas.registry.server.cache.Eviction;
import dev.kemas.registry.server.cache.PullThrough;
import dev.kemas.registry.server.http.Dispatcher;
import dev.kemas.registry.server.http.HttpListener;
import dev.kemas.registry.server.repository.Blobs;
import dev.kemas.registry.server.repository.Catalog;
import dev.kemas.registry.server.repository.Collector;
import dev.kemas.registry.server.repository.Manifests;
import dev.kemas.registry.server.repository.Quotas;
import dev.kemas.registry.server.repository.Uploads;
import dev.kemas.registry.server.watch.AuditLog;
import dev.kemas.registry.server.watch.Metrics;
import dev.kemas.registry.store.Storage;
import dev.kemas.tls.Pem;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
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

  /** Whose tokens these are; the same in all servers on one store. */
  private static final String SERVICE = "kemas registry";

  /** How long running answers have to end at a stop, in milliseconds. */
  private static final long STOP_MILLIS = 2_000;

  /** After this a connection on which nothing moves is cut, in milliseconds. */
  private static final long IDLE_MILLIS = 60_000;

  /** What is read from the network at once: as much as the pool of buffers keeps. */
  private static final int INPUT_BYTES = 64 * 1024;

  private final Server server;
  private final ServerConnector connector;
  private final Storage storage;
  private final ServerConfig config;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final AtomicBoolean stopping = new AtomicBoolean();

  private RegistryServer(ServerConfig config) {
    this.config = config;
    this.server = new Server(threads(), null, buffers());
    this.connector = connector(server, config);
    // last: it is closed by a server that was made
    this.storage = Storage.open(config.store(), config.limits().renewal());
  }

  /**
   * Listens and answers.
   *
   * @throws Fault.Unavailable when the address cannot be bound or the store cannot be reached
   * @throws Fault.Conflict when another server has the folder
   */
  public static RegistryServer start(ServerConfig config) {
    RegistryServer registry = new RegistryServer(config);
    try {
      registry.listen();
      return registry;
    } catch (Exception e) {
      registry.stop();
      throw e instanceof Fault fault
          ? fault
          : new Fault.Unavailable(
              "cannot listen on "
                  + config.listen().getHostString()
                  + ":"
                  + config.listen().getPort()
                  + ": "
                  + e.getMessage(),
              e);
    }
  }

  private void listen() throws Exception {
    Clock clock = Clock.systemUTC();
    ServerConfig.Limits limits = config.limits();
    Catalog catalog = new Catalog(storage.records());
    Quotas quotas = new Quotas(storage, clock, limits.quotaBytes());
    Blobs blobs = new Blobs(storage, quotas, catalog, clock, limits.renewal());
    Manifests manifests = new Manifests(storage, blobs, catalog);
    Metrics metrics = new Metrics();
    Gate gate = gate(clock);
    Optional<AuditLog> audit = config.auditLog().map(file -> own(new AuditLog(file, clock)));
    server.setHandler(
        new Dispatcher(
            new Dispatcher.Parts(
                blobs,
                new Uploads(storage, blobs, quotas, catalog, clock),
                manifests,
                catalog,
                gate,
                metrics,
                audit,
                cache(catalog, blobs, manifests, clock),
                readOnly(),
                config.product())));
    server.setStopTimeout(STOP_MILLIS);
    connector.setHost(config.listen().getAddress().getHostAddress());
    connector.setPort(config.listen().getPort());
    connector.setIdleTimeout(IDLE_MILLIS);
    server.addConnector(connector);
    server.start();
    Collector collector =
        new Collector(
            storage, catalog, blobs, clock, new Collector.Ages(limits.grace(), limits.uploads()));
    own(Housekeeping.start(collector, gate, metrics, limits.collectEvery()));
  }

  private Optional<String> readOnly() {
    if (config.cache().isPresent()) {
      return Optional.of(
          "this registry is a cache of " + config.cache().get().host() + ": push to that one");
    }
    return config.readOnly() ? Optional.of("this registry is read-only") : Optional.empty();
  }

  private Optional<PullThrough> cache(
      Catalog catalog, Blobs blobs, Manifests manifests, Clock clock) {
    return config
        .cache()
        .map(cache ->
            new PullThrough(
                new RegistryClient(RegistrySettings.DEFAULT, System.getenv()),
                cache.user().isEmpty()
                    ? RegistryLogin.ANONYMOUS
                    : RegistryLogin.of(cache.user(), cache.password()),
                cache.host(),
                storage,
                blobs,
                manifests,
                new Eviction(storage, catalog, blobs, cache.mostBytes()),
                clock));
  }

  private Gate gate(Clock clock) {
    ServerConfig.Access access = config.access();
    Optional<Passwords> passwords = access.passwords().map(Passwords::new);
    if (passwords.isEmpty() && (access.tokens() || access.rules().isPresent())) {
      throw new Fault.InvalidArgument(
          "access rules and tokens need users: give an htpasswd file as well");
    }
    Rights rights =
        access
            .rules()
            .map(Rights::read)
            .orElseGet(() -> passwords.isPresent() ? Rights.known() : Rights.all());
    return new Gate(
        passwords,
        access.tokens()
            ? Optional.of(new Tokens(storage.records(), clock, SERVICE))
            : Optional.empty(),
        rights);
  }

  private <T extends AutoCloseable> T own(T part) {
    parts.push(part);
    return part;
  }

  private static ServerConnector connector(Server server, ServerConfig config) {
    HttpConfiguration configuration = configuration();
    HttpConnectionFactory http = new HttpConnectionFactory(configuration);
    http.setInputBufferSize(INPUT_BYTES);
    if (config.tls().isEmpty()) {
      return new HttpListener(server, http);
    }
    // clients are known by their passwords; the name that they call the server by does not matter
    configuration.addCustomizer(new SecureRequestCustomizer(false));
    // only in memory, where a password protects nothing
    String password = "memory";
    SslContextFactory.Server factory = new SslContextFactory.Server();
    factory.setKeyStore(
        Pem.own(
            config.tls().get().certificate(), config.tls().get().key(), password.toCharArray()));
    factory.setKeyStorePassword(password);
    factory.setIncludeProtocols("TLSv1.2", "TLSv1.3");
    factory.setSniRequired(false);
    SslConnectionFactory tls = new SslConnectionFactory(factory, http.getProtocol());
    return new HttpListener(server, tls, http);
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
    return new ArrayByteBufferPool(0, 4096, INPUT_BYTES, 64, 4L << 20, 4L << 20);
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
    parts.forEach(RegistryServer::close);
    storage.close();
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
