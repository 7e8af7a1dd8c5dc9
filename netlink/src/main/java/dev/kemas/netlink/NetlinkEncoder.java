package dev.kemas.netlink;

import java.net.Inet4Address;
import java.net.InetAddress;

/** Turns requests into rtnetlink messages (rtnetlink(7), linux/if_link.h, linux/rtnetlink.h). */
final class NetlinkEncoder {
  static final int RTM_NEWLINK = 16;
  static final int RTM_DELLINK = 17;
  static final int RTM_GETLINK = 18;
  static final int RTM_SETLINK = 19;
  static final int RTM_NEWADDR = 20;
  static final int RTM_DELADDR = 21;
  static final int RTM_GETADDR = 22;
  static final int RTM_NEWROUTE = 24;
  static final int RTM_DELROUTE = 25;
  static final int RTM_GETROUTE = 26;
  static final int RTM_NEWNEIGH = 28;
  static final int RTM_DELNEIGH = 29;

  private static final int NLM_F_REPLACE = 0x100;
  private static final int NLM_F_EXCL = 0x200;
  private static final int NLM_F_CREATE = 0x400;

  static final int IFLA_ADDRESS = 1;
  static final int IFLA_IFNAME = 3;
  static final int IFLA_MTU = 4;
  static final int IFLA_LINK = 5;
  static final int IFLA_MASTER = 10;
  private static final int IFLA_PROTINFO = 12;
  static final int IFLA_LINKINFO = 18;
  static final int IFLA_IFALIAS = 20;
  private static final int IFLA_NET_NS_FD = 28;
  static final int IFLA_INFO_KIND = 1;
  private static final int IFLA_INFO_DATA = 2;
  private static final int IFLA_BRPORT_MODE = 4;
  private static final int IFLA_BRPORT_ISOLATED = 33;
  private static final int VETH_INFO_PEER = 1;

  static final int IFA_ADDRESS = 1;
  static final int IFA_LOCAL = 2;
  private static final int IFA_F_NODAD = 0x02;
  static final int RTA_DST = 1;
  static final int RTA_OIF = 4;
  static final int RTA_GATEWAY = 5;
  static final int RTA_TABLE = 15;
  private static final int NDA_DST = 1;
  private static final int NDA_LLADDR = 2;

  static final int AF_BRIDGE = 7;
  static final int RT_TABLE_MAIN = 254;
  private static final int RTPROT_BOOT = 3;
  private static final int RT_SCOPE_LINK = 253;
  private static final int RT_SCOPE_NOWHERE = 255;
  private static final int RTN_UNICAST = 1;
  private static final int NUD_PERMANENT = 0x80;
  private static final int IFF_UP = 0x1;

  private static final int MAKE =
      NetlinkSocket.NLM_F_REQUEST | NetlinkSocket.NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL;
  private static final int SET =
      NetlinkSocket.NLM_F_REQUEST | NetlinkSocket.NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE;
  private static final int PLAIN = NetlinkSocket.NLM_F_REQUEST | NetlinkSocket.NLM_F_ACK;

  private NetlinkEncoder() {}

  static void encode(LinkRequest request, NetlinkWriter out, int sequence) {
    switch (request) {
      case LinkRequest.AddBridge r -> {
        newLink(out, sequence, r.link());
        kind(out, "bridge");
      }
      case LinkRequest.AddVeth r -> veth(out, sequence, r);
      case LinkRequest.Change r -> {
        out.begin(RTM_NEWLINK, PLAIN, sequence);
        link(out, r.link(), r.to());
      }
      case LinkRequest.ChangeNamed r -> {
        out.begin(RTM_NEWLINK, PLAIN, sequence);
        link(out, 0, r.to().withName(r.name()));
      }
      case LinkRequest.BridgePort r -> {
        out.begin(RTM_SETLINK, PLAIN, sequence);
        out.u8(AF_BRIDGE).u8(0).u16(0).u32(r.port()).u32(0).u32(0);
        int nest = out.nest(IFLA_PROTINFO);
        r.hairpin().ifPresent(on -> out.attributeU8(IFLA_BRPORT_MODE, on ? 1 : 0));
        r.isolated().ifPresent(on -> out.attributeU8(IFLA_BRPORT_ISOLATED, on ? 1 : 0));
        out.close(nest);
      }
      case LinkRequest.Delete r -> {
        out.begin(RTM_DELLINK, PLAIN, sequence);
        link(out, 0, LinkSettings.named(r.name()));
      }
      case LinkRequest.AddAddress r -> address(out, RTM_NEWADDR, SET, sequence, r.address());
      case LinkRequest.DeleteAddress r -> address(out, RTM_DELADDR, PLAIN, sequence, r.address());
      case LinkRequest.SetRoute r -> route(out, RTM_NEWROUTE, SET, sequence, r.route());
      case LinkRequest.DeleteRoute r -> route(out, RTM_DELROUTE, PLAIN, sequence, r.route());
      case LinkRequest.SetNeighbour r -> {
        out.begin(RTM_NEWNEIGH, SET, sequence);
        neighbour(out, r.link(), r.address(), NUD_PERMANENT);
        out.attribute(NDA_LLADDR, octets(r.mac()));
      }
      case LinkRequest.DeleteNeighbour r -> {
        out.begin(RTM_DELNEIGH, PLAIN, sequence);
        neighbour(out, r.link(), r.address(), 0);
      }
    }
    out.end();
  }

  private static void veth(NetlinkWriter out, int sequence, LinkRequest.AddVeth r) {
    newLink(out, sequence, r.link());
    int info = out.nest(IFLA_LINKINFO);
    out.attribute(IFLA_INFO_KIND, "veth");
    int data = out.nest(IFLA_INFO_DATA);
    int peer = out.nest(VETH_INFO_PEER);
    link(out, 0, r.peer());
    out.attribute(IFLA_NET_NS_FD, r.peerNamespace().number());
    out.close(peer);
    out.close(data);
    out.close(info);
  }

  private static void newLink(NetlinkWriter out, int sequence, LinkSettings settings) {
    out.begin(RTM_NEWLINK, MAKE, sequence);
    link(out, 0, settings);
  }

  private static void kind(NetlinkWriter out, String kind) {
    int info = out.nest(IFLA_LINKINFO);
    out.attribute(IFLA_INFO_KIND, kind);
    out.close(info);
  }

  /** struct ifinfomsg and the attributes of the settings. */
  private static void link(NetlinkWriter out, int index, LinkSettings settings) {
    int change = settings.up().isPresent() ? IFF_UP : 0;
    int flags = settings.up().orElse(false) ? IFF_UP : 0;
    out.u8(0).u8(0).u16(0).u32(index).u32(flags).u32(change);
    if (!settings.name().isEmpty()) {
      out.attribute(IFLA_IFNAME, settings.name());
    }
    if (settings.mac() != 0) {
      out.attribute(IFLA_ADDRESS, octets(settings.mac()));
    }
    if (settings.mtu() != 0) {
      out.attribute(IFLA_MTU, settings.mtu());
    }
    if (settings.master().isPresent()) {
      out.attribute(IFLA_MASTER, settings.master().getAsInt());
    }
    if (!settings.alias().isEmpty()) {
      out.attribute(IFLA_IFALIAS, settings.alias());
    }
  }

  /** struct ifaddrmsg. */
  private static void address(
      NetlinkWriter out, int type, int flags, int sequence, LinkAddress address) {
    InetAddress ip = address.address();
    boolean v4 = ip instanceof Inet4Address;
    out.begin(type, flags, sequence);
    // without duplicate detection an IPv6 address is usable at once; ours are unique by record
    out.u8(family(ip)).u8(address.prefixLength()).u8(v4 ? 0 : IFA_F_NODAD).u8(0);
    out.u32(address.link());
    out.attribute(IFA_LOCAL, ip.getAddress());
    out.attribute(IFA_ADDRESS, ip.getAddress());
    if (v4 && address.prefixLength() < 31 && type == RTM_NEWADDR) {
      out.attribute(4 /* IFA_BROADCAST */, broadcast(ip, address.prefixLength()));
    }
  }

  private static byte[] broadcast(InetAddress address, int prefixLength) {
    byte[] bytes = address.getAddress();
    for (int bit = prefixLength; bit < 32; bit++) {
      bytes[bit / 8] = (byte) (bytes[bit / 8] | 0x80 >> bit % 8);
    }
    return bytes;
  }

  /** struct rtmsg. */
  private static void route(NetlinkWriter out, int type, int flags, int sequence, Route route) {
    out.begin(type, flags, sequence);
    int scope = route.gateway().isPresent() || route.ipv6() ? 0 : RT_SCOPE_LINK;
    out.u8(route.ipv6() ? NetlinkSocket.AF_INET6 : NetlinkSocket.AF_INET)
        .u8(route.prefixLength())
        .u8(0)
        .u8(0);
    out.u8(RT_TABLE_MAIN).u8(RTPROT_BOOT);
    out.u8(type == RTM_DELROUTE ? RT_SCOPE_NOWHERE : scope);
    out.u8(type == RTM_DELROUTE ? 0 : RTN_UNICAST).u32(0);
    route.destination().ifPresent(d -> out.attribute(RTA_DST, d.getAddress()));
    route.gateway().ifPresent(g -> out.attribute(RTA_GATEWAY, g.getAddress()));
    if (route.link() != 0) {
      out.attribute(RTA_OIF, route.link());
    }
  }

  /** struct ndmsg. */
  private static void neighbour(NetlinkWriter out, int link, InetAddress address, int state) {
    out.u8(family(address)).u8(0).u16(0).u32(link).u16(state).u8(0).u8(0);
    out.attribute(NDA_DST, address.getAddress());
  }

  private static int family(InetAddress address) {
    return address instanceof Inet4Address ? NetlinkSocket.AF_INET : NetlinkSocket.AF_INET6;
  }

  private static byte[] octets(long mac) {
    byte[] octets = new byte[6];
    for (int i = 0; i < 6; i++) {
      octets[i] = (byte) (mac >>> (40 - 8 * i));
    }
    return octets;
  }
}
