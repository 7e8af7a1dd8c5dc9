package dev.kemas.dns;

import dev.kemas.address.Subnet;
import dev.kemas.linux.NetworkNamespace;
import dev.kemas.nftables.Nftables;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

/**
 * The engine's name server: one socket for UDP and one for TCP in each namespace that has one, all
 * watched by one thread, every question answered on a virtual thread.
 *
 * <p>Inside, the server is 127.0.0.11 port 53; the sockets are on ports of their own there, and a
 * rule in the namespace leads from one to the other, so that a container may have a name server of
 * its own on port 53 of all addresses. Safe for any thread.
 */
public final class NameService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NameService.class);
  private static final InetAddress ADDRESS = Subnet.parseAddress(ResolvConf.ENGINE_SERVER);
  private static final int MOST_AT_ONCE = 512;
  private static final int TCP_IDLE_MILLIS = 10_000;
  private static final int LARGEST_DATAGRAM = 4096;

  private final NameForwarder forwarder;
  private final Semaphore room = new Semaphore(MOST_AT_ONCE);
  private final Set<Post> posts = ConcurrentHashMap.newKeySet();
  private Optional<Selector> selector = Optional.empty();

  /** Opens a socket where other name servers are reached. */
  @FunctionalInterface
  public interface Outward {
    /** Does the work in that network namespace. */
    <T> T open(Callable<T> work) throws Exception;
  }

  /** Serves nobody yet. */
  public NameService(Outward outward) {
    this.forwarder = new NameForwarder(outward);
  }

  /**
   * What a post knows.
   *
   * @param tables of the networks that its sandbox is in
   * @param servers to ask for other names; empty: none may be asked
   */
  public record Knowledge(List<NameTable> tables, List<InetAddress> servers) {
    public Knowledge {
      tables = List.copyOf(tables);
      servers = List.copyOf(servers);
    }
  }

  /** The server of one namespace. */
  public final class Post implements AutoCloseable {
    private final DatagramChannel udp;
    private final ServerSocketChannel tcp;
    private final Supplier<Knowledge> knowledge;

    private Post(DatagramChannel udp, ServerSocketChannel tcp, Supplier<Knowledge> knowledge) {
      this.udp = udp;
      this.tcp = tcp;
      this.knowledge = knowledge;
    }

    private byte[] answer(byte[] bytes, boolean overTcp) throws IOException {
      Message query = new Message(bytes);
      Knowledge known = knowledge.get();
      Optional<Message> own = NameAnswers.answer(query, known.tables);
      if (own.isPresent()) {
        return NameAnswers.wire(own.get(), query, overTcp);
      }
      return forwarder
          .ask(bytes, overTcp, known.servers)
          .orElseGet(
              () -> NameAnswers.wire(NameAnswers.failure(query, Rcode.SERVFAIL), query, overTcp));
    }

    @Override
    public void close() {
      posts.remove(this);
      closeQuietly(udp);
      closeQuietly(tcp);
      // a closed channel gives its port back when the selector lets it go
      current().ifPresent(Selector::wakeup);
    }
  }

  /** Starts to serve a namespace. What is known is asked for with every question. */
  public Post open(NetworkNamespace namespace, Supplier<Knowledge> knowledge) {
    Post post =
        namespace.call(() -> {
          DatagramChannel udp = DatagramChannel.open(StandardProtocolFamily.INET);
          ServerSocketChannel tcp = ServerSocketChannel.open(StandardProtocolFamily.INET);
          try {
            udp.bind(new InetSocketAddress(ADDRESS, 0));
            tcp.bind(new InetSocketAddress(ADDRESS, 0));
            lead(port(udp.getLocalAddress()), port(tcp.getLocalAddress()));
            return new Post(udp, tcp, knowledge);
          } catch (IOException | RuntimeException e) {
            closeQuietly(udp);
            closeQuietly(tcp);
            throw e;
          }
        });
    try {
      posts.add(post);
      watch(post);
      return post;
    } catch (IOException e) {
      post.close();
      throw new UncheckedIOException(e);
    }
  }

  private static int port(SocketAddress address) {
    return ((InetSocketAddress) address).getPort();
  }

  /** In the calling thread's namespace; may be called again with other ports. */
  private static void lead(int udp, int tcp) {
    String rule = "add rule ip kemas_dns output ip daddr " + ResolvConf.ENGINE_SERVER;
    try (Nftables nft = Nftables.open()) {
      nft.run(
          """
          add table ip kemas_dns
          add chain ip kemas_dns output { type nat hook output priority -100; policy accept; }
          flush chain ip kemas_dns output
          %1$s udp dport 53 dnat to %2$s:%3$d
          %1$s tcp dport 53 dnat to %2$s:%4$d
          """
              .formatted(rule, ResolvConf.ENGINE_SERVER, udp, tcp));
    }
  }

  private void watch(Post post) throws IOException {
    Selector open = selector();
    post.udp.configureBlocking(false);
    post.tcp.configureBlocking(false);
    post.udp.register(open, SelectionKey.OP_READ, post);
    post.tcp.register(open, SelectionKey.OP_ACCEPT, post);
    open.wakeup();
  }

  private synchronized Selector selector() throws IOException {
    if (selector.isEmpty()) {
      Selector made = Selector.open();
      selector = Optional.of(made);
      Thread.ofPlatform().name("kemas-net-dns").daemon(true).start(() -> loop(made));
    }
    return selector.get();
  }

  private synchronized Optional<Selector> current() {
    return selector;
  }

  private void loop(Selector open) {
    ByteBuffer datagram = ByteBuffer.allocate(LARGEST_DATAGRAM);
    while (open.isOpen()) {
      try {
        open.select(key -> ready(key, datagram));
      } catch (ClosedSelectorException e) {
        return;
      } catch (IOException e) {
        LOG.error("the name server cannot wait for questions", e);
        return;
      }
    }
  }

  private void ready(SelectionKey key, ByteBuffer datagram) {
    Post post = (Post) key.attachment();
    try {
      if (key.isAcceptable()) {
        accept(post);
      } else if (key.isReadable()) {
        receive(post, datagram);
      }
    } catch (CancelledKeyException | java.nio.channels.ClosedChannelException e) {
      LOG.trace("a name server was closed while it was asked", e);
    } catch (IOException e) {
      LOG.debug("a name server could not receive a question", e);
    }
  }

  private void receive(Post post, ByteBuffer datagram) throws IOException {
    while (true) {
      datagram.clear();
      SocketAddress asker = post.udp.receive(datagram);
      if (asker == null) {
        return;
      }
      byte[] bytes = new byte[datagram.flip().remaining()];
      datagram.get(bytes);
      start(() -> {
        post.udp.send(ByteBuffer.wrap(post.answer(bytes, false)), asker);
        return true;
      });
    }
  }

  private void accept(Post post) throws IOException {
    SocketChannel channel = post.tcp.accept();
    if (channel == null) {
      return;
    }
    channel.configureBlocking(true);
    boolean started =
        start(() -> {
          converse(post, channel);
          return true;
        });
    if (!started) {
      channel.close();
    }
  }

  private void converse(Post post, SocketChannel channel) throws IOException {
    try (channel) {
      var socket = channel.socket();
      socket.setSoTimeout(TCP_IDLE_MILLIS);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      while (true) {
        byte[] bytes = new byte[in.readUnsignedShort()];
        in.readFully(bytes);
        socket.getOutputStream().write(NameForwarder.framed(post.answer(bytes, true)));
      }
    } catch (EOFException | SocketTimeoutException e) {
      LOG.trace("a questioner is done", e);
    }
  }

  @FunctionalInterface
  private interface Task {
    boolean run() throws IOException;
  }

  /** Beyond the limit a question is dropped: the asker asks again (RFC 1035, section 7.2). */
  private boolean start(Task task) {
    if (!room.tryAcquire()) {
      return false;
    }
    Thread.ofVirtual()
        .name("kemas-net-dns-question")
        .start(() -> {
          try {
            task.run();
          } catch (IOException e) {
            LOG.debug("a question was not answered: {}", e.toString());
          } catch (RuntimeException e) {
            LOG.warn("a question could not be answered", e);
          } finally {
            room.release();
          }
        });
    return true;
  }

  private static void closeQuietly(java.nio.channels.Channel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("closing a name server's socket", e); // gone whatever it says (close(2))
    }
  }

  /** Ends the service everywhere; the rules in the namespaces stay for the next one. */
  @Override
  public synchronized void close() {
    posts.forEach(Post::close);
    selector.ifPresent(open -> {
      try {
        open.close();
      } catch (IOException e) {
        LOG.debug("closing the name server", e);
      }
    });
    selector = Optional.empty();
  }
}
