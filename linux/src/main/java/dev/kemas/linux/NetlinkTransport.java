package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;

/**
 * A netlink socket (netlink(7)) as the kernel offers it: datagrams out and in; what is in them is
 * the caller's. It stays in the network namespace in which it was opened. One call at a time; its
 * owner sees to it, but any thread may close it, which ends a wait.
 */
public final class NetlinkTransport implements AutoCloseable {
  /** The protocols in use (linux/netlink.h). */
  public enum Protocol {
    ROUTE(0, "rtnetlink"),
    NETFILTER(12, "nfnetlink");

    private final int number;
    private final String text;

    Protocol(int number, String text) {
      this.number = number;
      this.text = text;
    }
  }

  private static final int SOL_NETLINK = 270;
  private static final int NETLINK_ADD_MEMBERSHIP = 1;
  private static final int NETLINK_CAP_ACK = 10;
  private static final int NETLINK_EXT_ACK = 11;

  private final Descriptor socket;
  private final String name;

  private NetlinkTransport(Descriptor socket, String name) {
    this.socket = socket;
    this.name = name;
  }

  /**
   * Opens a socket in the network namespace of the calling thread. Its answers to failed requests
   * leave the request out and carry the kernel's text (NETLINK_CAP_ACK, NETLINK_EXT_ACK).
   */
  public static NetlinkTransport open(Protocol protocol) {
    Descriptor socket =
        Sockets.open(
            Sockets.AF_NETLINK, Sockets.SOCK_RAW, protocol.number, protocol.text + " socket");
    try {
      Sockets.setOption(socket, SOL_NETLINK, NETLINK_CAP_ACK, 1);
      Sockets.setOption(socket, SOL_NETLINK, NETLINK_EXT_ACK, 1);
      return new NetlinkTransport(socket, protocol.text);
    } catch (RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** Lets the notifications of a group come in. */
  public void join(int group) {
    try (Scratch s = Scratch.take()) {
      // struct sockaddr_nl; only a socket with an address of its own is notified
      MemorySegment address = s.zeroed(12);
      address.set(ValueLayout.JAVA_SHORT, 0, (short) Sockets.AF_NETLINK);
      Sockets.bind(socket, address);
    }
    Sockets.setOption(socket, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group);
  }

  /** Sends one datagram, at most some 60 KiB. */
  public void send(byte[] bytes) {
    try (Scratch s = Scratch.take()) {
      MemorySegment data = s.room(bytes.length);
      MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, 0, bytes.length);
      Sockets.send(socket, data);
    }
  }

  /**
   * Receives one datagram, without holding a carrier thread while there is none.
   *
   * @return a copy, in the byte order of the machine
   * @throws Fault.Unavailable when none came in time or the socket was closed
   */
  public ByteBuffer receive(Duration limit) {
    try (Scratch s = Scratch.take()) {
      MemorySegment room = s.rest();
      int length = Sockets.receive(socket, room, Sockets.MSG_TRUNC, limit);
      if (length > room.byteSize()) {
        throw new Fault.Internal(name + ": an answer of " + length + " bytes did not fit");
      }
      byte[] own = room.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
      return ByteBuffer.wrap(own).order(ByteOrder.nativeOrder());
    }
  }

  /**
   * The fault for a request that the kernel refused, as for a failed system call.
   *
   * @param error the negated error number of its answer
   * @param subject what the request was about
   * @param text what the kernel says beside the number; may be empty
   */
  public Fault failure(int error, String subject, String text) {
    return text.isEmpty()
        ? Failure.of(error, name, subject)
        : Failure.of(error, name, subject, text);
  }

  /** The name of the protocol, for messages. */
  public String name() {
    return name;
  }

  @Override
  public void close() {
    socket.close();
  }
}
