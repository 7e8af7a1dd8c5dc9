package dev.kemas.netlink;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Errno;
import dev.kemas.linux.NetlinkTransport;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The connections that the kernel's packet filter remembers in one network namespace. A UDP flow is
 * remembered with where it once led, for as long as it goes on; when a port leads elsewhere now, it
 * has to be forgotten. Safe for any thread; one call at a time.
 */
public final class Conntrack implements AutoCloseable {
  // linux/netfilter/nfnetlink.h, nfnetlink_conntrack.h
  private static final int GET = 1 << 8 | 1;
  private static final int DELETE = 1 << 8 | 2;
  private static final int CTA_TUPLE_ORIG = 1;
  private static final int CTA_TUPLE_IP = 1;
  private static final int CTA_TUPLE_PROTO = 2;
  private static final int CTA_IP_V4_DST = 2;
  private static final int CTA_PROTO_NUM = 1;
  private static final int CTA_PROTO_DST_PORT = 3;
  private static final int IPPROTO_UDP = 17;
  private static final int GENERIC_HEADER = 4;

  private final NetlinkSocket socket;

  private Conntrack(NetlinkSocket socket) {
    this.socket = socket;
  }

  /** Opens a socket in the network namespace of the calling thread. */
  public static Conntrack open() {
    return new Conntrack(NetlinkSocket.open(NetlinkTransport.Protocol.NETFILTER));
  }

  /**
   * Forgets the UDP flows over IPv4 that were sent to a port.
   *
   * @param to the address they were sent to; 0.0.0.0: any
   * @return how many there were
   */
  public synchronized int forgetUdp(InetAddress to, int port) {
    List<byte[]> flows = new ArrayList<>();
    socket.dump(
        GET,
        Conntrack::header,
        payload -> {
          NetlinkReader flow = new NetlinkReader(payload, GENERIC_HEADER);
          flow.nested(CTA_TUPLE_ORIG)
              .filter(tuple -> leadsTo(tuple, to, port))
              .ifPresent(tuple -> flows.add(flow.bytes(CTA_TUPLE_ORIG)));
        },
        flows::clear);
    for (byte[] flow : flows) {
      forget(flow);
    }
    return flows.size();
  }

  private static boolean leadsTo(NetlinkReader tuple, InetAddress to, int port) {
    Optional<NetlinkReader> proto = tuple.nested(CTA_TUPLE_PROTO);
    boolean udp =
        proto
            .filter(p -> p.byteAt(CTA_PROTO_NUM) == IPPROTO_UDP)
            .filter(p -> p.networkShort(CTA_PROTO_DST_PORT) == port)
            .isPresent();
    return udp
        && (to.isAnyLocalAddress()
            || tuple
                .nested(CTA_TUPLE_IP)
                .flatMap(ip -> ip.address(CTA_IP_V4_DST))
                .filter(to::equals)
                .isPresent());
  }

  private void forget(byte[] tuple) {
    NetlinkWriter out = new NetlinkWriter();
    int number = socket.next();
    out.begin(DELETE, NetlinkSocket.NLM_F_REQUEST | NetlinkSocket.NLM_F_ACK, number);
    header(out);
    out.nested(CTA_TUPLE_ORIG, tuple);
    out.end();
    Optional<Fault> failure = socket.exchange(out, number, List.of("forget a flow")).getFirst();
    if (failure.isPresent() && Errno.of(failure.get()).filter(e -> e == Errno.ENOENT).isEmpty()) {
      throw failure.get();
    }
  }

  /** struct nfgenmsg. */
  private static void header(NetlinkWriter out) {
    out.u8(NetlinkSocket.AF_INET).u8(0).u16(0);
  }

  @Override
  public void close() {
    socket.close();
  }
}
