package dev.kemas.netlink;

/**
 * A network link as the kernel shows it.
 *
 * @param index its number in its namespace
 * @param name its name
 * @param kind {@code bridge}, {@code veth}, ...; empty for hardware and loopback
 * @param mac the 48 bits of the hardware address; 0: none
 * @param mtu in bytes
 * @param master the index of the bridge it is a port of; 0: of none
 * @param up whether it was switched on
 * @param loopback whether it is the loopback link
 * @param peer the index of the other end of a veth, in the namespace that is there; 0: none
 * @param alias the text for people; often empty
 */
public record LinkInfo(
    int index,
    String name,
    String kind,
    long mac,
    int mtu,
    int master,
    boolean up,
    boolean loopback,
    int peer,
    String alias) {
  private static final int IFF_UP = 0x1;
  private static final int IFF_LOOPBACK = 0x8;

  static LinkInfo read(NetlinkReader message) {
    int flags = message.u32(8);
    return new LinkInfo(
        message.u32(4),
        message.text(NetlinkEncoder.IFLA_IFNAME),
        message
            .nested(NetlinkEncoder.IFLA_LINKINFO)
            .map(n -> n.text(NetlinkEncoder.IFLA_INFO_KIND))
            .orElse(""),
        message.mac(NetlinkEncoder.IFLA_ADDRESS),
        message.number(NetlinkEncoder.IFLA_MTU, 0),
        message.number(NetlinkEncoder.IFLA_MASTER, 0),
        (flags & IFF_UP) != 0,
        (flags & IFF_LOOPBACK) != 0,
        message.number(NetlinkEncoder.IFLA_LINK, 0),
        message.text(NetlinkEncoder.IFLA_IFALIAS));
  }
}
