package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The socket calls, over any address family. Every socket made here is close-on-exec and
 * non-blocking; what says that it waits does so in the {@link Poller}. Addresses and messages are
 * native memory in the layout of the kernel, length included.
 */
final class Sockets {
  static final int AF_UNIX = 1;
  static final int AF_NETLINK = 16;
  static final int SOCK_STREAM = 1;
  static final int SOCK_DGRAM = 2;
  static final int SOCK_RAW = 3;
  static final int SOCK_SEQPACKET = 5;
  static final int SOL_SOCKET = 1;
  static final int SO_SNDBUF = 7;
  static final int SO_RCVBUF = 8;
  static final int MSG_PEEK = 0x02;
  static final int MSG_TRUNC = 0x20;
  static final int SHUT_RD = 0;
  static final int SHUT_WR = 1;
  static final int SHUT_RDWR = 2;

  private static final Libc.Call SOCKET = Libc.bind("socket", 3);
  private static final Libc.Call BIND = Libc.bind("bind", 3);
  private static final Libc.Call CONNECT = Libc.bind("connect", 3);
  private static final Libc.Call LISTEN = Libc.bind("listen", 2);
  private static final Libc.Call ACCEPT = Libc.bind("accept4", 4);
  private static final Libc.Call SENDTO = Libc.bind("sendto", 6);
  private static final Libc.Call RECVFROM = Libc.bind("recvfrom", 6);
  private static final Libc.Call SENDMSG = Libc.bind("sendmsg", 3);
  private static final Libc.Call RECVMSG = Libc.bind("recvmsg", 3);
  private static final Libc.Call SHUTDOWN = Libc.bind("shutdown", 2);
  private static final Libc.Call SETSOCKOPT = Libc.bind("setsockopt", 5);
  private static final Libc.Call GETSOCKOPT = Libc.bind("getsockopt", 5);
  private static final Libc.Call GETSOCKNAME = Libc.bind("getsockname", 3);
  private static final Libc.Call SOCKETPAIR = Libc.bind("socketpair", 4);

  private static final int SOCK_NONBLOCK = 0x800;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MSG_CMSG_CLOEXEC = 0x40000000;
  private static final int MSG_CTRUNC = 0x08;
  private static final int SCM_RIGHTS = 1;

  // struct msghdr and struct cmsghdr on 64-bit Linux (bits/socket.h)
  private static final int MSGHDR = 56;
  private static final int MSG_NAME = 0;
  private static final int MSG_NAMELEN = 8;
  private static final int MSG_IOV = 16;
  private static final int MSG_IOVLEN = 24;
  private static final int MSG_CONTROL = 32;
  private static final int MSG_CONTROLLEN = 40;
  private static final int MSG_FLAGS = 48;
  private static final int CMSG_HEADER = 16;
  private static final int MOST_DESCRIPTORS = 28;

  private Sockets() {}

  /** What {@link #receiveMessage} got. */
  record Message(int length, List<Descriptor> descriptors) {
    Message {
      descriptors = List.copyOf(descriptors);
    }
  }

  static Descriptor open(int domain, int type, int protocol, String what) {
    try (Scratch s = Scratch.take()) {
      int fd = SOCKET.asInt(s, domain, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
      if (fd < 0) {
        throw Failure.of(fd, "socket", domain, type, protocol, what);
      }
      return new Descriptor(fd, what);
    }
  }

  /** Two connected sockets of AF_UNIX. */
  static List<Descriptor> pair(int type, String what) {
    try (Scratch s = Scratch.take()) {
      MemorySegment two = s.room(8);
      int r = SOCKETPAIR.asInt(s, AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, two.address());
      if (r < 0) {
        throw Failure.of(r, "socketpair", what);
      }
      return List.of(
          new Descriptor(two.get(ValueLayout.JAVA_INT, 0), what),
          new Descriptor(two.get(ValueLayout.JAVA_INT, 4), what));
    }
  }

  static void bind(Descriptor socket, MemorySegment address) {
    int fd = socket.enter();
    try (Scratch s = Scratch.take()) {
      check(BIND.asInt(s, fd, address.address(), address.byteSize()), "bind", socket);
    } finally {
      socket.leave();
    }
  }

  /** Connects, waiting where the protocol needs it. */
  static void connect(Descriptor socket, MemorySegment address) {
    int fd = socket.enter();
    try (Scratch s = Scratch.take()) {
      int r = CONNECT.asInt(s, fd, address.address(), address.byteSize());
      if (r == -Errno.EINPROGRESS.number()) {
        Poller.WRITE.await(socket);
        r = -option(socket, SOL_SOCKET, 4 /* SO_ERROR */);
      }
      check(r, "connect", socket);
    } finally {
      socket.leave();
    }
  }

  static void listen(Descriptor socket, int backlog) {
    int fd = socket.enter();
    try (Scratch s = Scratch.take()) {
      check(LISTEN.asInt(s, fd, backlog), "listen", socket);
    } finally {
      socket.leave();
    }
  }

  /**
   * Waits for a connection.
   *
   * @throws Fault.Unavailable when none came in time or the socket was closed
   */
  static Descriptor accept(Descriptor socket, Duration limit) {
    int fd = socket.enter();
    long deadline = deadline(limit);
    try (Scratch s = Scratch.take()) {
      while (true) {
        int r = ACCEPT.asInt(s, fd, 0, 0, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (r >= 0) {
          return new Descriptor(r, socket.what());
        }
        again(r, "accept", socket, Poller.READ, deadline);
      }
    } finally {
      socket.leave();
    }
  }

  /** Sends one message, or for a stream as much as fits; waits for room. */
  static long send(Descriptor socket, MemorySegment data) {
    return send(socket, data, MemorySegment.NULL);
  }

  /** The same to an address. */
  static long send(Descriptor socket, MemorySegment data, MemorySegment to) {
    int fd = socket.enter();
    try (Scratch s = Scratch.take()) {
      while (true) {
        long n =
            SENDTO.asLong(
                s,
                fd,
                data.address(),
                data.byteSize(),
                MSG_NOSIGNAL,
                to.address(),
                to.equals(MemorySegment.NULL) ? 0 : to.byteSize());
        if (n >= 0) {
          return n;
        }
        again(n, "sendto", socket, Poller.WRITE, Long.MAX_VALUE);
      }
    } finally {
      socket.leave();
    }
  }

  /**
   * Receives one message, or for a stream what is there; waits for it.
   *
   * @param flags MSG_PEEK, MSG_TRUNC (then the result is the full length, also if it did not fit)
   * @throws Fault.Unavailable when nothing came in time or the socket was closed
   */
  static int receive(Descriptor socket, MemorySegment into, int flags, Duration limit) {
    int fd = socket.enter();
    long deadline = deadline(limit);
    try (Scratch s = Scratch.take()) {
      while (true) {
        long n = RECVFROM.asLong(s, fd, into.address(), into.byteSize(), flags, 0, 0);
        if (n >= 0) {
          return (int) n;
        }
        again(n, "recvfrom", socket, Poller.READ, deadline);
      }
    } finally {
      socket.leave();
    }
  }

  /** Sends data (at least one byte) and descriptors along with it (unix(7), SCM_RIGHTS). */
  static void sendMessage(Descriptor socket, MemorySegment data, List<Descriptor> descriptors) {
    int fd = socket.enter();
    try (Scratch s = Scratch.take()) {
      MemorySegment header = s.zeroed(MSGHDR);
      MemorySegment vector = s.room(16);
      vector.set(ValueLayout.JAVA_LONG, 0, data.address());
      vector.set(ValueLayout.JAVA_LONG, 8, data.byteSize());
      header.set(ValueLayout.JAVA_LONG, MSG_IOV, vector.address());
      header.set(ValueLayout.JAVA_LONG, MSG_IOVLEN, 1);
      if (!descriptors.isEmpty()) {
        long length = CMSG_HEADER + 4L * descriptors.size();
        MemorySegment control = s.zeroed((length + 7) & ~7L);
        control.set(ValueLayout.JAVA_LONG, 0, length);
        control.set(ValueLayout.JAVA_INT, 8, SOL_SOCKET);
        control.set(ValueLayout.JAVA_INT, 12, SCM_RIGHTS);
        for (int i = 0; i < descriptors.size(); i++) {
          control.set(ValueLayout.JAVA_INT, CMSG_HEADER + 4L * i, descriptors.get(i).number());
        }
        header.set(ValueLayout.JAVA_LONG, MSG_CONTROL, control.address());
        header.set(ValueLayout.JAVA_LONG, MSG_CONTROLLEN, control.byteSize());
      }
      while (true) {
        long n = SENDMSG.asLong(s, fd, header.address(), MSG_NOSIGNAL);
        if (n >= 0) {
          return;
        }
        again(n, "sendmsg", socket, Poller.WRITE, Long.MAX_VALUE);
      }
    } finally {
      socket.leave();
    }
  }

  /**
   * Receives data and the descriptors that came with it, which the caller owns from then on.
   *
   * @throws Fault.Unavailable when nothing came in time or the socket was closed
   * @throws Fault.ResourceExhausted when more descriptors came than this process may open
   */
  static Message receiveMessage(Descriptor socket, MemorySegment into, Duration limit) {
    int fd = socket.enter();
    long deadline = deadline(limit);
    try (Scratch s = Scratch.take()) {
      MemorySegment header = s.zeroed(MSGHDR);
      MemorySegment vector = s.room(16);
      MemorySegment control = s.zeroed(CMSG_HEADER + 4L * MOST_DESCRIPTORS);
      vector.set(ValueLayout.JAVA_LONG, 0, into.address());
      vector.set(ValueLayout.JAVA_LONG, 8, into.byteSize());
      header.set(ValueLayout.JAVA_LONG, MSG_NAME, 0);
      header.set(ValueLayout.JAVA_INT, MSG_NAMELEN, 0);
      header.set(ValueLayout.JAVA_LONG, MSG_IOV, vector.address());
      header.set(ValueLayout.JAVA_LONG, MSG_IOVLEN, 1);
      header.set(ValueLayout.JAVA_LONG, MSG_CONTROL, control.address());
      while (true) {
        header.set(ValueLayout.JAVA_LONG, MSG_CONTROLLEN, control.byteSize());
        long n = RECVMSG.asLong(s, fd, header.address(), MSG_CMSG_CLOEXEC);
        if (n >= 0) {
          return message((int) n, header, control, socket);
        }
        again(n, "recvmsg", socket, Poller.READ, deadline);
      }
    } finally {
      socket.leave();
    }
  }

  private static Message message(
      int length, MemorySegment header, MemorySegment control, Descriptor socket) {
    List<Descriptor> got = new ArrayList<>();
    long end = header.get(ValueLayout.JAVA_LONG, MSG_CONTROLLEN);
    for (long at = 0; at + CMSG_HEADER <= end; ) {
      long size = control.get(ValueLayout.JAVA_LONG, at);
      if (control.get(ValueLayout.JAVA_INT, at + 8) == SOL_SOCKET
          && control.get(ValueLayout.JAVA_INT, at + 12) == SCM_RIGHTS) {
        for (long p = at + CMSG_HEADER; p + 4 <= at + size; p += 4) {
          got.add(new Descriptor(control.get(ValueLayout.JAVA_INT, p), socket.what()));
        }
      }
      at += Math.max(CMSG_HEADER, (size + 7) & ~7L);
    }
    if ((header.get(ValueLayout.JAVA_INT, MSG_FLAGS) & MSG_CTRUNC) != 0) {
      got.forEach(Descriptor::close);
      throw new Fault.ResourceExhausted(
          "recvmsg(" + socket + "): descriptors were lost; raise the limit of open files");
    }
    return new Message(length, got);
  }

  /** Ends one or both directions; whoever waits on the other side, or here, sees the end. */
  static void shutdown(Descriptor socket, int how) {
    int fd = socket.enter();
    try (Scratch s = Scratch.take()) {
      int r = SHUTDOWN.asInt(s, fd, how);
      if (r != -Errno.ENOTCONN.number()) {
        check(r, "shutdown", socket);
      }
    } finally {
      socket.leave();
    }
  }

  static void setOption(Descriptor socket, int level, int option, int value) {
    int fd = socket.enter();
    try (Scratch s = Scratch.take()) {
      MemorySegment v = s.room(4);
      v.set(ValueLayout.JAVA_INT, 0, value);
      check(SETSOCKOPT.asInt(s, fd, level, option, v.address(), 4), "setsockopt", socket, option);
    } finally {
      socket.leave();
    }
  }

  static int option(Descriptor socket, int level, int option) {
    int fd = socket.enter();
    try (Scratch s = Scratch.take()) {
      MemorySegment v = s.zeroed(8);
      v.set(ValueLayout.JAVA_INT, 4, 4);
      check(
          GETSOCKOPT.asInt(s, fd, level, option, v.address(), v.address() + 4),
          "getsockopt",
          socket,
          option);
      return v.get(ValueLayout.JAVA_INT, 0);
    } finally {
      socket.leave();
    }
  }

  /** The address the socket is bound to, copied into the room; the part that is filled. */
  static MemorySegment name(Descriptor socket, MemorySegment room) {
    int fd = socket.enter();
    try (Scratch s = Scratch.take()) {
      MemorySegment length = s.room(4);
      length.set(ValueLayout.JAVA_INT, 0, (int) room.byteSize());
      check(GETSOCKNAME.asInt(s, fd, room.address(), length.address()), "getsockname", socket);
      return room.asSlice(0, Math.min(room.byteSize(), length.get(ValueLayout.JAVA_INT, 0)));
    } finally {
      socket.leave();
    }
  }

  private static void check(int result, String call, Object... arguments) {
    if (result < 0) {
      throw Failure.of(result, call, arguments);
    }
  }

  private static long deadline(Duration limit) {
    return limit.compareTo(Duration.ofDays(365)) > 0
        ? Long.MAX_VALUE
        : System.nanoTime() + limit.toNanos();
  }

  private static void again(
      long result, String call, Descriptor socket, Poller poller, long deadline) {
    switch (Errno.of((int) -result)) {
      case EINTR -> {}
      case EAGAIN -> {
        Duration left =
            deadline == Long.MAX_VALUE
                ? Duration.ofDays(1000)
                : Duration.ofNanos(deadline - System.nanoTime());
        if (left.isNegative() || !poller.await(socket, left)) {
          throw new Fault.Unavailable(call + "(" + socket + "): nothing came in time");
        }
        if (socket.isClosed()) {
          throw new Fault.Unavailable(call + "(" + socket + "): closed");
        }
      }
      default -> throw Failure.of(result, call, socket);
    }
  }
}
