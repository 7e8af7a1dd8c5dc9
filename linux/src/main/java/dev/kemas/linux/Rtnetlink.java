package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Links, addresses, routes and neighbours of one network namespace, over one rtnetlink socket.
 *
 * <p>A batch goes out in one send; the kernel works through it in order and answers each request
 * (netlink(7), NLM_F_ACK), so a batch costs one round trip. Requests behind a failed one are tried
 * all the same. The socket stays in the namespace in which it was opened, whoever uses it. Safe for
 * any thread; one call at a time.
 */
public final class Rtnetlink implements AutoCloseable {
  private static final int NETLINK_ROUTE = 0;
  private static final int SOL_NETLINK = 270;
  private static final int NETLINK_CAP_ACK = 10;
  private static final int NETLINK_EXT_ACK = 11;
  private static final int NLMSG_ERROR = 2;
  private static final int NLMSG_DONE = 3;
  private static final int NLM_F_DUMP_INTR = 0x10;
  private static final int NLM_F_ACK_TLVS = 0x200;
  private static final int NLMSGERR_ATTR_MSG = 1;
  private static final int MOST_PER_SEND = 64;
  private static final int MOST_BYTES = 16 * 1024;
  // the kernel does the work inside the send; an answer that is not there soon never comes
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Descriptor socket;
  private int sequence;

  private Rtnetlink(Descriptor socket) {
    this.socket = socket;
  }

  /** Opens a socket in the network namespace of the calling thread. */
  public static Rtnetlink open() {
    Descriptor socket =
        Sockets.open(Sockets.AF_NETLINK, Sockets.SOCK_RAW, NETLINK_ROUTE, "rtnetlink socket");
    try {
      Sockets.setOption(socket, SOL_NETLINK, NETLINK_CAP_ACK, 1);
      Sockets.setOption(socket, SOL_NETLINK, NETLINK_EXT_ACK, 1);
      return new Rtnetlink(socket);
    } catch (RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** Opens a socket in a namespace. */
  public static Rtnetlink open(NetworkNamespace namespace) {
    return namespace.call(Rtnetlink::open);
  }

  /** How one request of a batch ended. */
  public record Outcome(LinkRequest request, Optional<Fault> failure) {}

  /**
   * Does all of it.
   *
   * @throws Fault of the first request that failed; its cause carries the {@link Errno}
   */
  public void execute(List<? extends LinkRequest> requests) {
    for (Outcome outcome : attempt(requests)) {
      if (outcome.failure().isPresent()) {
        throw outcome.failure().get();
      }
    }
  }

  /** Does one thing. */
  public void execute(LinkRequest request) {
    execute(List.of(request));
  }

  /** Does what can be done and says for each request how it went. */
  public synchronized List<Outcome> attempt(List<? extends LinkRequest> requests) {
    List<Outcome> outcomes = new ArrayList<>(requests.size());
    int from = 0;
    while (from < requests.size()) {
      int first = sequence + 1;
      NetlinkWriter out = new NetlinkWriter();
      int to = from;
      while (to < requests.size() && to - from < MOST_PER_SEND && out.size() < MOST_BYTES) {
        NetlinkEncoder.encode(requests.get(to), out, ++sequence);
        to++;
      }
      outcomes.addAll(exchange(out.bytes(), requests.subList(from, to), first));
      from = to;
    }
    return outcomes;
  }

  private List<Outcome> exchange(byte[] bytes, List<? extends LinkRequest> requests, int first) {
    List<Outcome> outcomes = new ArrayList<>(requests.size());
    for (LinkRequest request : requests) {
      outcomes.add(new Outcome(request, Optional.empty()));
    }
    try (Scratch s = Scratch.take()) {
      send(s, bytes);
      MemorySegment room = s.rest();
      int answered = 0;
      while (answered < requests.size()) {
        for (Message message : receive(room)) {
          int at = message.sequence() - first;
          if (message.type() == NLMSG_ERROR && at >= 0 && at < requests.size()) {
            LinkRequest request = requests.get(at);
            outcomes.set(at, new Outcome(request, failure(message, request.subject())));
            answered++;
          }
        }
      }
    }
    return outcomes;
  }

  /** All links of the namespace. */
  public List<LinkInfo> links() {
    List<LinkInfo> found = new ArrayList<>();
    dump(
        NetlinkEncoder.RTM_GETLINK,
        16,
        out -> out.u8(0).u8(0).u16(0).u32(0).u32(0).u32(0),
        message -> found.add(LinkInfo.read(message)),
        found::clear);
    return found;
  }

  /** The link of a name. */
  public synchronized Optional<LinkInfo> link(String name) {
    int number = ++sequence;
    NetlinkWriter out = new NetlinkWriter();
    out.begin(NetlinkEncoder.RTM_GETLINK, NetlinkEncoder.NLM_F_REQUEST, number);
    out.u8(0).u8(0).u16(0).u32(0).u32(0).u32(0);
    out.attribute(NetlinkEncoder.IFLA_IFNAME, name);
    out.end();
    try (Scratch s = Scratch.take()) {
      send(s, out.bytes());
      MemorySegment room = s.rest();
      while (true) {
        for (Message message : receive(room)) {
          if (message.sequence() != number) {
            continue;
          }
          if (message.type() == NetlinkEncoder.RTM_NEWLINK) {
            return Optional.of(LinkInfo.read(new NetlinkReader(message.payload(), 16)));
          }
          Optional<Fault> failure = failure(message, "get link " + name);
          if (failure.flatMap(Errno::of).filter(e -> e == Errno.ENODEV).isPresent()) {
            return Optional.empty();
          }
          throw failure.orElseGet(() -> new Fault.Internal("rtnetlink: no link in the answer"));
        }
      }
    }
  }

  /** All addresses of all links. */
  public List<LinkAddress> addresses() {
    List<LinkAddress> found = new ArrayList<>();
    dump(
        NetlinkEncoder.RTM_GETADDR,
        8,
        out -> out.u8(0).u8(0).u8(0).u8(0).u32(0),
        message ->
            message
                .address(
                    message.has(NetlinkEncoder.IFA_LOCAL)
                        ? NetlinkEncoder.IFA_LOCAL
                        : NetlinkEncoder.IFA_ADDRESS)
                .ifPresent(a -> found.add(new LinkAddress(message.u32(4), a, message.u8(1)))),
        found::clear);
    return found;
  }

  /** The unicast routes of the main table, IPv4 and IPv6. */
  public List<Route> routes() {
    List<Route> found = new ArrayList<>();
    dump(
        NetlinkEncoder.RTM_GETROUTE,
        12,
        out -> out.u8(0).u8(0).u8(0).u8(0).u8(0).u8(0).u8(0).u8(0).u32(0),
        message -> {
          int table = message.number(NetlinkEncoder.RTA_TABLE, message.u8(4));
          if (table == NetlinkEncoder.RT_TABLE_MAIN && message.u8(7) == 1 /* RTN_UNICAST */) {
            found.add(
                new Route(
                    message.address(NetlinkEncoder.RTA_DST),
                    message.u8(1),
                    message.address(NetlinkEncoder.RTA_GATEWAY),
                    message.number(NetlinkEncoder.RTA_OIF, 0),
                    message.u8(0) == Sockets.AF_INET6));
          }
        },
        found::clear);
    return found;
  }

  private synchronized void dump(
      int type,
      int fixedLength,
      Consumer<NetlinkWriter> body,
      Consumer<NetlinkReader> each,
      Runnable again) {
    try (Scratch s = Scratch.take()) {
      while (true) {
        int number = ++sequence;
        NetlinkWriter out = new NetlinkWriter();
        out.begin(type, NetlinkEncoder.NLM_F_REQUEST | NetlinkEncoder.NLM_F_DUMP, number);
        body.accept(out);
        out.end();
        s.reset();
        send(s, out.bytes());
        if (collect(s.rest(), number, fixedLength, each)) {
          return;
        }
        again.run();
      }
    }
  }

  /** Whether the dump shows one moment; if not, something changed meanwhile (NLM_F_DUMP_INTR). */
  private boolean collect(
      MemorySegment room, int number, int fixedLength, Consumer<NetlinkReader> each) {
    boolean whole = true;
    while (true) {
      for (Message message : receive(room)) {
        if (message.sequence() != number) {
          continue;
        }
        whole &= (message.flags() & NLM_F_DUMP_INTR) == 0;
        if (message.type() == NLMSG_DONE) {
          return whole;
        }
        if (message.type() == NLMSG_ERROR) {
          throw failure(message, "list")
              .orElseGet(() -> new Fault.Internal("rtnetlink: a list ended with no error"));
        }
        each.accept(new NetlinkReader(message.payload(), fixedLength));
      }
    }
  }

  private record Message(int type, int flags, int sequence, ByteBuffer payload) {}

  private void send(Scratch s, byte[] bytes) {
    MemorySegment data = s.room(bytes.length);
    MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, 0, bytes.length);
    Sockets.send(socket, data);
  }

  private List<Message> receive(MemorySegment room) {
    int length = Sockets.receive(socket, room, Sockets.MSG_TRUNC, PATIENCE);
    if (length > room.byteSize()) {
      throw new Fault.Internal("rtnetlink: an answer of " + length + " bytes did not fit");
    }
    ByteBuffer all = room.asSlice(0, length).asByteBuffer().order(ByteOrder.nativeOrder());
    List<Message> messages = new ArrayList<>();
    int at = 0;
    while (at + NetlinkWriter.HEADER <= length) {
      int size = all.getInt(at);
      if (size < NetlinkWriter.HEADER || at + size > length) {
        throw new Fault.Internal("rtnetlink: a message of " + size + " bytes in " + length);
      }
      ByteBuffer payload =
          all.slice(at + NetlinkWriter.HEADER, size - NetlinkWriter.HEADER)
              .order(ByteOrder.nativeOrder());
      messages.add(
          new Message(
              Short.toUnsignedInt(all.getShort(at + 4)),
              Short.toUnsignedInt(all.getShort(at + 6)),
              all.getInt(at + 8),
              payload));
      at += (size + 3) & ~3;
    }
    return messages;
  }

  /** What an NLMSG_ERROR says: nothing for an acknowledgement. */
  private static Optional<Fault> failure(Message message, String subject) {
    int error = message.payload().getInt(0);
    if (error == 0) {
      return Optional.empty();
    }
    String text = "";
    // capped: the error, the header of the request, then attributes (netlink(7), NLM_F_ACK_TLVS)
    int fixed = 4 + NetlinkWriter.HEADER;
    if ((message.flags() & NLM_F_ACK_TLVS) != 0 && message.payload().remaining() > fixed) {
      text = new NetlinkReader(message.payload(), fixed).text(NLMSGERR_ATTR_MSG);
    }
    return Optional.of(
        text.isEmpty()
            ? Failure.of(error, "rtnetlink", subject)
            : Failure.of(error, "rtnetlink", subject, text));
  }

  @Override
  public void close() {
    socket.close();
  }
}
