package dev.kemas.netlink;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Errno;
import dev.kemas.linux.NetlinkTransport;
import dev.kemas.linux.NetworkNamespace;
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
  private static final int MOST_PER_SEND = 64;
  private static final int MOST_BYTES = 16 * 1024;

  private final NetlinkSocket socket;

  private Rtnetlink(NetlinkSocket socket) {
    this.socket = socket;
  }

  /** Opens a socket in the network namespace of the calling thread. */
  public static Rtnetlink open() {
    return new Rtnetlink(NetlinkSocket.open(NetlinkTransport.Protocol.ROUTE));
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
      NetlinkWriter out = new NetlinkWriter();
      List<String> subjects = new ArrayList<>();
      int first = 0;
      int to = from;
      while (to < requests.size() && to - from < MOST_PER_SEND && out.size() < MOST_BYTES) {
        int number = socket.next();
        first = first == 0 ? number : first;
        NetlinkEncoder.encode(requests.get(to), out, number);
        subjects.add(requests.get(to).subject());
        to++;
      }
      List<Optional<Fault>> failures = socket.exchange(out, first, subjects);
      for (int i = 0; i < failures.size(); i++) {
        outcomes.add(new Outcome(requests.get(from + i), failures.get(i)));
      }
      from = to;
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
    int number = socket.next();
    NetlinkWriter out = new NetlinkWriter();
    out.begin(NetlinkEncoder.RTM_GETLINK, NetlinkSocket.NLM_F_REQUEST, number);
    out.u8(0).u8(0).u16(0).u32(0).u32(0).u32(0);
    out.attribute(NetlinkEncoder.IFLA_IFNAME, name);
    out.end();
    try {
      NetlinkSocket.Message answer =
          socket.ask(out, number, NetlinkEncoder.RTM_NEWLINK, "get link " + name);
      return Optional.of(LinkInfo.read(new NetlinkReader(answer.payload(), 16)));
    } catch (Fault e) {
      if (Errno.of(e).filter(errno -> errno == Errno.ENODEV).isPresent()) {
        return Optional.empty();
      }
      throw e;
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
                    message.u8(0) == NetlinkSocket.AF_INET6));
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
    socket.dump(type, body, payload -> each.accept(new NetlinkReader(payload, fixedLength)), again);
  }

  @Override
  public void close() {
    socket.close();
  }
}
