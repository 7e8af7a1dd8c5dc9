package dev.kemas.netlink;

import dev.kemas.fault.Fault;
import dev.kemas.linux.NetlinkTransport;
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
  // bits/socket.h
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;

  static final int NLM_F_REQUEST = 0x1;
  static final int NLM_F_ACK = 0x4;
  static final int NLM_F_DUMP = 0x300;

  private static final int NLMSG_ERROR = 2;
  private static final int NLMSG_DONE = 3;
  private static final int NLM_F_DUMP_INTR = 0x10;
  private static final int NLM_F_ACK_TLVS = 0x200;
  private static final int NLMSGERR_ATTR_MSG = 1;
  // the kernel does the work inside the send; an answer that is not there soon never comes
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration FOREVER = Duration.ofDays(10_000);

  private final NetlinkTransport transport;
  private int sequence;

  private NetlinkSocket(NetlinkTransport transport) {
    this.transport = transport;
  }

  /** Opens a socket in the network namespace of the calling thread. */
  static NetlinkSocket open(NetlinkTransport.Protocol protocol) {
    return new NetlinkSocket(NetlinkTransport.open(protocol));
  }

  /** Lets the notifications of a group come in. */
  void join(int group) {
    transport.join(group);
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
    transport.send(batch.bytes());
    int answered = 0;
    while (answered < subjects.size()) {
      for (Message message : receive(PATIENCE)) {
        int at = message.sequence() - first;
        if (message.type() == NLMSG_ERROR && at >= 0 && at < subjects.size()) {
          outcomes.set(at, failure(message, subjects.get(at)));
          answered++;
        }
      }
    }
    return outcomes;
  }

  /** Sends one request that is answered by one message of this type, or by a failure. */
  Message ask(NetlinkWriter request, int number, int type, String subject) {
    transport.send(request.bytes());
    while (true) {
      for (Message message : receive(PATIENCE)) {
        if (message.sequence() == number) {
          if (message.type() == type) {
            return message;
          }
          throw failure(message, subject)
              .orElseGet(() ->
                  new Fault.Internal(transport.name() + ": no answer but an acknowledgement"));
        }
      }
    }
  }

  /**
   * Lists, again from the start if something changed meanwhile (NLM_F_DUMP_INTR).
   *
   * @param type of the request
   * @param body what follows the header
   * @param each takes the payload of each message
   * @param again forgets what was taken
   */
  void dump(int type, Consumer<NetlinkWriter> body, Consumer<ByteBuffer> each, Runnable again) {
    while (true) {
      int number = next();
      NetlinkWriter out = new NetlinkWriter();
      out.begin(type, NLM_F_REQUEST | NLM_F_DUMP, number);
      body.accept(out);
      out.end();
      transport.send(out.bytes());
      if (collect(number, each)) {
        return;
      }
      again.run();
    }
  }

  private boolean collect(int number, Consumer<ByteBuffer> each) {
    boolean whole = true;
    while (true) {
      for (Message message : receive(PATIENCE)) {
        if (message.sequence() != number) {
          continue;
        }
        whole &= (message.flags() & NLM_F_DUMP_INTR) == 0;
        if (message.type() == NLMSG_DONE) {
          return whole;
        }
        if (message.type() == NLMSG_ERROR) {
          throw failure(message, "list")
              .orElseGet(
                  () -> new Fault.Internal(transport.name() + ": a list ended with no error"));
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
    return receive(FOREVER);
  }

  private List<Message> receive(Duration limit) {
    ByteBuffer all = transport.receive(limit);
    int length = all.remaining();
    List<Message> messages = new ArrayList<>();
    int at = 0;
    while (at + NetlinkWriter.HEADER <= length) {
      int size = all.getInt(at);
      if (size < NetlinkWriter.HEADER || at + size > length) {
        throw new Fault.Internal(
            transport.name() + ": a message of " + size + " bytes in " + length);
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
    return Optional.of(transport.failure(error, subject, text));
  }

  @Override
  public void close() {
    transport.close();
  }
}
