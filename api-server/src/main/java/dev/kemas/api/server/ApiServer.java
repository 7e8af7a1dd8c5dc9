package dev.kemas.api.server;

import dev.kemas.api.ApiVersion;
import dev.kemas.api.server.http.BlankHost;
import dev.kemas.api.server.http.Dispatcher;
import dev.kemas.api.server.http.PlainErrors;
import dev.kemas.api.server.http.RouteTable;
import dev.kemas.fault.Fault;
import dev.kemas.tls.Pem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.HostPort;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Engine API on its sockets. Each request has a virtual thread. {@link #start} answers from
 * when it returns; {@link #close} stops to listen, lets running answers end within a moment, and
 * cuts what is left.
 */
public final class ApiServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);

  /** How long running answers have to end at a stop, in milliseconds. */
  private static final long STOP_MILLIS = 2_000;

  private final Server server;

  /**
   * Who may connect.
   *
   * @param groups the first that exists may use the unix sockets
   * @param tls for TCP
   * @param plainLoopback whether TCP without TLS is allowed on a loopback address
   */
  public record Access(List<String> groups, Optional<Tls> tls, boolean plainLoopback) {
    /** Unix sockets for the usual groups, no TCP. */
    public static final Access LOCAL =
        new Access(List.of("kemas", "docker"), Optional.empty(), false);
  }

  private ApiServer(Server server) {
    this.server = server;
  }

  /**
   * Listens and answers.
   *
   * @param listens where
   * @param access who may connect
   * @param product for the {@code Server} header, such as {@code Kemas/0.1.0 (linux)}
   * @throws Fault.Conflict when another daemon answers on one of the sockets
   * @throws Fault.Unavailable when an address cannot be bound
   */
  public static ApiServer start(
      List<Listen> listens, Access access, String product, List<Router> routers) {
    RouteTable routes = new RouteTable();
    routers.forEach(router -> router.addTo(routes));
    Server server = new Server(threads(), null, buffers());
    server.setHandler(new Dispatcher(routes, headers(product)));
    server.setErrorHandler(new PlainErrors());
    server.setStopTimeout(STOP_MILLIS);
    ApiServer api = new ApiServer(server);
    try {
      List<Runnable> published = new ArrayList<>();
      for (Listen listen : listens) {
        switch (listen) {
          case Listen.Unix unix -> published.add(api.add(unix, access));
          case Listen.Tcp tcp -> api.add(tcp, access);
        }
      }
      server.start();
      published.forEach(Runnable::run);
    } catch (Exception e) {
      api.close();
      throw e instanceof Fault fault
          ? fault
          : new Fault.Unavailable("cannot listen on " + listens + ": " + e.getMessage(), e);
    }
    return api;
  }

  private Runnable add(Listen.Unix unix, Access access) {
    SocketFile file = new SocketFile(unix.path());
    UnixDomainServerConnector connector =
        new UnixDomainServerConnector(
            server, 0, 1, new BlankHost(new HttpConnectionFactory(configuration())));
    Path temporary = file.prepare();
    connector.setUnixDomainPath(temporary);
    add(connector);
    return () -> {
      file.publish(temporary, access.groups());
      // what is deleted at the end
      connector.setUnixDomainPath(unix.path());
    };
  }

  private void add(Listen.Tcp tcp, Access access) {
    HttpConfiguration configuration = configuration();
    // clients are known by their certificates; the name that they call the daemon by does not
    // matter
    configuration.addCustomizer(new SecureRequestCustomizer(false));
    BlankHost http = new BlankHost(new HttpConnectionFactory(configuration));
    ServerConnector connector;
    if (access.tls().isPresent()) {
      SslConnectionFactory tls =
          new SslConnectionFactory(mutual(access.tls().get()), http.getProtocol());
      connector = new ServerConnector(server, null, null, null, 0, 1, tls, http);
    } else if (access.plainLoopback() && tcp.address().getAddress().isLoopbackAddress()) {
      LOG.warn(
          "[!] {} has neither encryption nor access control: every user of this machine is root",
          tcp);
      connector = new ServerConnector(server, null, null, null, 0, 1, http);
    } else {
      throw new Fault.InvalidArgument(
          "cannot listen on "
              + tcp
              + ": it gives root to everybody who can reach it; use --tlsverify with --tlscacert,"
              + " --tlscert and --tlskey (or, on a loopback address only, --tls=false)");
    }
    connector.setHost(tcp.address().getAddress().getHostAddress());
    connector.setPort(tcp.address().getPort());
    add(connector);
  }

  private static SslContextFactory.Server mutual(Tls tls) {
    // only in memory, where a password protects nothing
    String password = "memory";
    SslContextFactory.Server factory = new SslContextFactory.Server();
    factory.setKeyStore(Pem.own(tls.certificate(), tls.key(), password.toCharArray()));
    factory.setKeyStorePassword(password);
    factory.setTrustStore(Pem.trusted(tls.authority()));
    factory.setNeedClientAuth(true);
    factory.setIncludeProtocols("TLSv1.2", "TLSv1.3");
    factory.setSniRequired(false);
    return factory;
  }

  private void add(AbstractConnector connector) {
    // a client may wait for a container for days
    connector.setIdleTimeout(0);
    server.addConnector(connector);
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
    // kept buffers may take 2 MiB on the heap and as much outside; the rest goes back at once
    return new ArrayByteBufferPool(0, 4096, 65536, 64, 2L << 20, 2L << 20);
  }

  private static HttpConfiguration configuration() {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setSendDateHeader(true);
    // names of images have slashes, encoded or not, and clients send a socket's path as the host
    configuration.setUriCompliance(UriCompliance.UNSAFE);
    configuration.setHttpCompliance(
        HttpCompliance.RFC9110.with(
            "engine-api",
            HttpCompliance.Violation.UNSAFE_HOST_HEADER,
            HttpCompliance.Violation.MISMATCHED_AUTHORITY));
    configuration.setRequestHeaderSize(64 * 1024);
    // the name of a socket's file is no host, and old clients send none
    configuration.setServerAuthority(new HostPort("localhost"));
    return configuration;
  }

  private static Map<String, String> headers(String product) {
    return Map.of(
        "Api-Version",
        ApiVersion.MAX.toString(),
        "Docker-Experimental",
        "false",
        "Ostype",
        "linux",
        "Server",
        product);
  }

  /** Stops; nothing happens when it is stopped. */
  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      LOG.warn("the HTTP server did not stop cleanly: {}", e.toString(), e);
    }
    server.destroy();
  }
}
