package dev.kemas.session;

import com.google.protobuf.ByteString;
import dev.kemas.buildkit.wire.Ssh.BytesMessage;
import dev.kemas.fault.Fault;
import dev.kemas.grpc.OutgoingCall;
import dev.kemas.linux.Directory;
import dev.kemas.linux.UnixSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A unix socket on which each connection is carried to an agent elsewhere by a call of its own.
 * Closing it removes the socket and ends its connections.
 */
public final class AgentSocket implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AgentSocket.class);
  private static final Duration FOR_EVER = Duration.ofDays(1000);
  private static final int CHUNK = 32 << 10;

  /** So many connections at a time; more wait. */
  private static final int AT_ONCE = 64;

  private final Path path;
  private final UnixSocket listener;
  private final Supplier<OutgoingCall> calls;
  private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();
  private final Semaphore room = new Semaphore(AT_ONCE);
  private volatile boolean closed;

  private AgentSocket(Path path, UnixSocket listener, Supplier<OutgoingCall> calls) {
    this.path = path;
    this.listener = listener;
    this.calls = calls;
  }

  static AgentSocket open(Path path, Supplier<OutgoingCall> calls) {
    UnixSocket listener = UnixSocket.listen(path, UnixSocket.Kind.STREAM);
    AgentSocket socket = new AgentSocket(path, listener, calls);
    try (Directory folder = folder(path)) {
      folder.chmod(name(path), 0600);
    } catch (Fault e) {
      socket.close();
      throw e;
    }
    Thread.ofVirtual().name("agent-socket").start(socket::accept);
    return socket;
  }

  private static Directory folder(Path path) {
    Path parent = path.toAbsolutePath().getParent();
    if (parent == null) {
      throw new Fault.InvalidArgument(path + " cannot be a socket");
    }
    return Directory.open(parent);
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  private void accept() {
    while (!closed) {
      try {
        room.acquire();
        UnixSocket connection = listener.accept(FOR_EVER);
        open.add(connection);
        Thread.ofVirtual().name("agent-connection").start(() -> carry(connection));
      } catch (Fault e) {
        if (!closed) {
          LOG.warn("{} takes no connection: {}", path, e.getMessage());
        }
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void carry(UnixSocket connection) {
    try (connection;
        OutgoingCall call = calls.get()) {
      open.add(call);
      Thread back = Thread.ofVirtual().name("agent-back").start(() -> back(call, connection));
      forth(connection, call);
      call.halfClose();
      back.join();
      open.remove(call);
    } catch (Fault e) {
      // the process at the socket sees its end; the agent says no more than this
      LOG.debug("a connection to {} ends: {}", path, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(connection);
      room.release();
    }
  }

  private static void forth(UnixSocket connection, OutgoingCall call) {
    byte[] bytes = new byte[CHUNK];
    for (int n = connection.receive(bytes); n > 0; n = connection.receive(bytes)) {
      call.send(BytesMessage.newBuilder().setData(ByteString.copyFrom(bytes, 0, n)).build());
    }
  }

  private void back(OutgoingCall call, UnixSocket connection) {
    try {
      Optional<BytesMessage> next = call.receive(BytesMessage.parser());
      while (next.isPresent()) {
        byte[] bytes = next.get().getData().toByteArray();
        connection.send(bytes, 0, bytes.length);
        next = call.receive(BytesMessage.parser());
      }
      connection.shutdownOutput();
    } catch (Fault e) {
      LOG.debug("a connection to {} ends: {}", path, e.getMessage());
      connection.close();
    }
  }

  /** Ends its connections: the agent is gone. Does not block. */
  void disconnect() {
    closed = true;
    listener.close();
    open.forEach(one -> {
      if (one instanceof UnixSocket socket) {
        socket.close();
      }
    });
  }

  @Override
  public void close() {
    closed = true;
    listener.close();
    open.forEach(one -> {
      switch (one) {
        case UnixSocket socket -> socket.close();
        case OutgoingCall call -> call.cancel("the agent is not needed any more");
        default -> throw new IllegalStateException(String.valueOf(one));
      }
    });
    try (Directory folder = folder(path)) {
      folder.unlink(name(path));
    } catch (Fault.NotFound e) {
      LOG.debug("{} went with its folder", path);
    }
  }
}
