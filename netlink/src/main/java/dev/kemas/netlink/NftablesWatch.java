package dev.kemas.netlink;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Errno;
import dev.kemas.linux.NetlinkTransport;
import java.util.HashSet;
import java.util.Set;

/**
 * Tells when somebody removes nftables tables from the network namespace in which it was opened, as
 * the restart of a firewall does. One thread waits; closing it ends the wait.
 */
public final class NftablesWatch implements AutoCloseable {
  // linux/netfilter/nfnetlink.h, nf_tables.h
  private static final int NFNLGRP_NFTABLES = 7;
  private static final int NFT_MSG_DELTABLE = 10 << 8 | 2;
  private static final int NFTA_TABLE_NAME = 1;
  private static final int GENERIC_HEADER = 4;

  private final NetlinkSocket socket;

  private NftablesWatch(NetlinkSocket socket) {
    this.socket = socket;
  }

  /** Opens a socket in the network namespace of the calling thread and listens from now on. */
  public static NftablesWatch open() {
    NetlinkSocket socket = NetlinkSocket.open(NetlinkTransport.Protocol.NETFILTER);
    try {
      socket.join(NFNLGRP_NFTABLES);
      return new NftablesWatch(socket);
    } catch (RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * Waits, without holding a carrier thread, until tables are removed.
   *
   * @return their names; empty: so much happened that notifications were lost
   * @throws Fault.Unavailable when this was closed
   */
  public Set<String> awaitRemoval() {
    Set<String> names = new HashSet<>();
    while (names.isEmpty()) {
      try {
        for (NetlinkSocket.Message message : socket.await()) {
          if (message.type() == NFT_MSG_DELTABLE) {
            names.add(new NetlinkReader(message.payload(), GENERIC_HEADER).text(NFTA_TABLE_NAME));
          }
        }
      } catch (Fault e) {
        if (Errno.of(e).filter(errno -> errno == Errno.ENOBUFS).isPresent()) {
          return Set.of();
        }
        throw e;
      }
    }
    return names;
  }

  @Override
  public void close() {
    socket.close();
  }
}
