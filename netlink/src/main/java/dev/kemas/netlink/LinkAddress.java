package dev.kemas.netlink;

import java.net.InetAddress;

/**
 * An IP address of a link.
 *
 * @param link the link's index
 * @param address the address
 * @param prefixLength of the subnet that is reached over the link
 */
public record LinkAddress(int link, InetAddress address, int prefixLength) {}
