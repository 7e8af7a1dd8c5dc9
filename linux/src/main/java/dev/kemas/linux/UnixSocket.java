package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A socket of AF_UNIX in the kinds that the JDK does not have: with message borders, and with
 * descriptors as cargo (unix(7)). Paths may be of any length. Waiting holds no carrier thread;
 * {@link #close} from another thread ends a wait with a fault.
 */
public final class UnixSocket implements AutoCloseable {
  private static final Duration FOR_EVER = Duration.ofDays(1000);

  /** sizeof(sun_path), the final NUL included. */
  private static final int LONGEST = 108;

  private final Descriptor descriptor;

  private UnixSocket(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  /** What kind of socket. */
  public enum Kind {
    STREAM(Sockets.SOCK_STREAM),
    SEQPACKET(Sockets.SOCK_SEQPACKET),
    DATAGRAM(Sockets.SOCK_DGRAM);
    private final int type;

    Kind(int type) {
      this.type = type;
    }
  }

  /**
   * Connects to a socket.
   *
   * @throws Fault.NotFound when there is none at this path
   * @throws Fault.Unavailable when nobody listens
   */
  public static UnixSocket connect(Path path, Kind kind) {
    return withAddress(path, kind, Sockets::connect);
  }

  /**
   * Makes a socket at a path that must not exist, and listens. Its mode is subject to the umask.
   */
  public static UnixSocket listen(Path path, Kind kind) {
    UnixSocket socket = withAddress(path, kind, Sockets::bind);
    if (kind != Kind.DATAGRAM) {
      Sockets.listen(socket.descriptor, 128);
    }
    return socket;
  }

  private interface Use {
    void use(Descriptor socket, MemorySegment address);
  }

  /** A path too long for an address is named by a descriptor of its directory. */
  private static UnixSocket withAddress(Path path, Kind kind, Use use) {
    Path absolute = path.toAbsolutePath();
    Path name = absolute.getFileName();
    Path parent = absolute.getParent();
    if (name == null || parent == null) {
      throw new Fault.InvalidArgument(path + " cannot be a socket");
    }
    Descriptor socket = Sockets.open(Sockets.AF_UNIX, kind.type, 0, path.toString());
    try {
      if (FileNames.encode(absolute.toString()).length < LONGEST) {
        use(socket, absolute.toString(), use);
      } else {
        try (Directory directory = Directory.open(parent)) {
          use(socket, "/proc/self/fd/" + directory.descriptor().number() + "/" + name, use);
        }
      }
      return new UnixSocket(socket);
    } catch (Fault e) {
      socket.close();
      throw e;
    }
  }

  private static void use(Descriptor socket, String path, Use use) {
    byte[] bytes = FileNames.encode(path);
    if (bytes.length >= LONGEST) {
      throw new Fault.InvalidArgument(path + " is too long for the name of a socket");
    }
    try (Scratch s = Scratch.take()) {
      MemorySegment address = s.zeroed(2 + LONGEST);
      address.set(ValueLayout.JAVA_SHORT, 0, (short) Sockets.AF_UNIX);
      MemorySegment.copy(bytes, 0, address, ValueLayout.JAVA_BYTE, 2, bytes.length);
      use.use(socket, address);
    }
  }

  /**
   * Waits for a connection.
   *
   * @throws Fault.Unavailable when none came in this time
   */
  public UnixSocket accept(Duration limit) {
    return new UnixSocket(Sockets.accept(descriptor, limit));
  }

  /**
   * Receives a message, or what is there of a stream, waiting for it. What does not fit of a
   * message is lost.
   *
   * @return its length; -1 at the end, or for an empty message
   */
  public int receive(byte[] into) {
    try (Scratch s = Scratch.take()) {
      MemorySegment room = s.room(Math.min(into.length, Scratch.SIZE - 1024));
      int n = Sockets.receive(descriptor, room, 0, FOR_EVER);
      MemorySegment.copy(room, ValueLayout.JAVA_BYTE, 0, into, 0, n);
      return n == 0 ? -1 : n;
    }
  }

  /** Sends one message, or all of it as a stream; waits for room. */
  public void send(byte[] bytes, int from, int length) {
    int at = from;
    int end = from + length;
    while (at < end) {
      int part = Math.min(end - at, Scratch.SIZE / 2);
      try (Scratch s = Scratch.take()) {
        MemorySegment room = s.room(part);
        MemorySegment.copy(bytes, at, room, ValueLayout.JAVA_BYTE, 0, part);
        at += (int) Sockets.send(descriptor, room);
      }
    }
  }

  /**
   * Receives one descriptor that the peer sends along with some bytes; the caller owns it.
   *
   * @throws Fault.Unavailable when none came in this time, or the peer went away
   */
  public Descriptor receiveDescriptor(Duration limit) {
    try (Scratch s = Scratch.take()) {
      Sockets.Message message = Sockets.receiveMessage(descriptor, s.room(4096), limit);
      if (message.descriptors().isEmpty()) {
        throw new Fault.Unavailable(descriptor.what() + ": the peer sent no descriptor");
      }
      List<Descriptor> all = message.descriptors();
      all.subList(1, all.size()).forEach(Descriptor::close);
      return all.getFirst();
    }
  }

  /** Sends a descriptor; the peer gets one of its own. */
  public void sendDescriptor(Descriptor cargo) {
    try (Scratch s = Scratch.take()) {
      Sockets.sendMessage(descriptor, s.zeroed(1), List.of(cargo));
    }
  }

  /** Tells the peer that nothing more will be sent. */
  public void shutdownOutput() {
    Sockets.shutdown(descriptor, Sockets.SHUT_WR);
  }

  /** The descriptor; closed with this. */
  public Descriptor descriptor() {
    return descriptor;
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
