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
 * A netlink socket (netlink(7)): batches of requests with an answer each, lists, notifications. It
 * stays in the network namespace in which it was opened. One call at a time; its owner sees to it.
 */
final class NetlinkSocket implements AutoCloseable {
  static final int NETLINK_ROUTE = 0;
  static final int NETLINK_NETFILTER = 12;

  static final int NLM_F_REQUEST = 0x1;
  static final int NLM_F_ACK = 0x4;
  static final int NLM_F_DUMP = 0x300;

  private static final int SOL_NETLINK = 270;
  private static final int NETLINK_ADD_MEMBERSHIP = 1;
  private static final int NETLINK_CAP_ACK = 10;
  private static final int NETLINK_EXT_ACK = 11;
  private static final int NLMSG_ERROR = 2;
  private static final int NLMSG_DONE = 3;
  private static final int NLM_F_DUMP_INTR = 0x10;
  private static final int NLM_F_ACK_TLVS = 0x200;
  private static final int NLMSGERR_ATTR_MSG = 1;
  // the kernel does the work inside the send; an answer that is not there soon never comes
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration FOREVER = Duration.ofDays(10_000);

  private final Descriptor socket;
  private final String name;
  private int sequence;

  private NetlinkSocket(Descriptor socket, String name) {
    this.socket = socket;
    this.name = name;
  }

  /**
   * Opens a socket in the network namespace of the calling thread.
   *
   * @param name of the protocol, for messages
   */
  static NetlinkSocket open(int protocol, String name) {
    Descriptor socket =
        Sockets.open(Sockets.AF_NETLINK, Sockets.SOCK_RAW, protocol, name + " socket");
    try {
      Sockets.setOption(socket, SOL_NETLINK, NETLINK_CAP_ACK, 1);
      Sockets.setOption(socket, SOL_NETLINK, NETLINK_EXT_ACK, 1);
      return new NetlinkSocket(socket, name);
    } catch (RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** Lets the notifications of a group come in. */
  void join(int group) {
    try (Scratch s = Scratch.take()) {
      // struct sockaddr_nl; only a socket with an address of its own is notified
      MemorySegment address = s.zeroed(12);
      address.set(ValueLayout.JAVA_SHORT, 0, (short) Sockets.AF_NETLINK);
      Sockets.bind(socket, address);
    }
    Sockets.setOption(socket, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group);
  }

  /** One received message. */
  record Message(int type, int flags, int sequence, ByteBuffer payload) {}

  /** The number for the next message. */
  int next() {
    return ++sequence;
  }

  /**
   * Sends a batch and waits for all its answers.
   *
   * @param first the number of its first message; the others follow
   * @param subjects what each message is about
   * @return for each message what failed
   */
  List<Optional<Fault>> exchange(NetlinkWriter batch, int first, List<String> subjects) {
    List<Optional<Fault>> outcomes = new ArrayList<>(subjects.size());
    subjects.forEach(s -> outcomes.add(Optional.empty()));
    try (Scratch s = Scratch.take()) {
      send(s, batch.bytes());
      MemorySegment room = s.rest();
      int answered = 0;
      while (answered < subjects.size()) {
        for (Message message : receive(room, PATIENCE)) {
          int at = message.sequence() - first;
          if (message.type() == NLMSG_ERROR && at >= 0 && at < subjects.size()) {
            outcomes.set(at, failure(message, subjects.get(at)));
            answered++;
          }
        }
      }
    }
    return outcomes;
  }

  /** Sends one request that is answered by one message of this type, or by a failure. */
  Message ask(NetlinkWriter request, int number, int type, String subject) {
    try (Scratch s = Scratch.take()) {
      send(s, request.bytes());
      MemorySegment room = s.rest();
      while (true) {
        for (Message message : receive(room, PATIENCE)) {
          if (message.sequence() == number) {
            if (message.type() == type) {
              return copy(message);
            }
            throw failure(message, subject)
                .orElseGet(() -> new Fault.Internal(name + ": no answer but an acknowledgement"));
          }
        }
      }
    }
  }

  /**
   * Lists, again from the start if something changed meanwhile (NLM_F_DUMP_INTR).
   *
   * @param type of the request
   * @param body what follows the header
   * @param each takes the payload of each message, valid while it is called
   * @param again forgets what was taken
   */
  void dump(int type, Consumer<NetlinkWriter> body, Consumer<ByteBuffer> each, Runnable again) {
    try (Scratch s = Scratch.take()) {
      while (true) {
        int number = next();
        NetlinkWriter out = new NetlinkWriter();
        out.begin(type, NLM_F_REQUEST | NLM_F_DUMP, number);
        body.accept(out);
        out.end();
        s.reset();
        send(s, out.bytes());
        if (collect(s.rest(), number, each)) {
          return;
        }
        again.run();
      }
    }
  }

  private boolean collect(MemorySegment room, int number, Consumer<ByteBuffer> each) {
    boolean whole = true;
    while (true) {
      for (Message message : receive(room, PATIENCE)) {
        if (message.sequence() != number) {
          continue;
        }
        whole &= (message.flags() & NLM_F_DUMP_INTR) == 0;
        if (message.type() == NLMSG_DONE) {
          return whole;
        }
        if (message.type() == NLMSG_ERROR) {
          throw failure(message, "list")
              .orElseGet(() -> new Fault.Internal(name + ": a list ended with no error"));
        }
        each.accept(message.payload());
      }
    }
  }

  /**
   * Waits for notifications.
   *
   * @throws Fault.Unavailable when the socket was closed
   */
  List<Message> await() {
    try (Scratch s = Scratch.take()) {
      return receive(s.rest(), FOREVER).stream().map(NetlinkSocket::copy).toList();
    }
  }

  private static Message copy(Message message) {
    ByteBuffer own =
        ByteBuffer.allocate(message.payload().remaining()).order(ByteOrder.nativeOrder());
    own.put(message.payload()).flip();
    return new Message(message.type(), message.flags(), message.sequence(), own);
  }

  private void send(Scratch s, byte[] bytes) {
    MemorySegment data = s.room(bytes.length);
    MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, 0, bytes.length);
    Sockets.send(socket, data);
  }

  private List<Message> receive(MemorySegment room, Duration limit) {
    int length = Sockets.receive(socket, room, Sockets.MSG_TRUNC, limit);
    if (length > room.byteSize()) {
      throw new Fault.Internal(name + ": an answer of " + length + " bytes did not fit");
    }
    ByteBuffer all = room.asSlice(0, length).asByteBuffer().order(ByteOrder.nativeOrder());
    List<Message> messages = new ArrayList<>();
    int at = 0;
    while (at + NetlinkWriter.HEADER <= length) {
      int size = all.getInt(at);
      if (size < NetlinkWriter.HEADER || at + size > length) {
        throw new Fault.Internal(name + ": a message of " + size + " bytes in " + length);
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
  private Optional<Fault> failure(Message message, String subject) {
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
        text.isEmpty() ? Failure.of(error, name, subject) : Failure.of(error, name, subject, text));
  }

  @Override
  public void close() {
    socket.close();
  }
}
