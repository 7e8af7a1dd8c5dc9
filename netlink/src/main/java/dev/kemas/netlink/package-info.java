/**
 * What the kernel's network is asked over netlink(7): links, addresses, routes and neighbours
 * (rtnetlink), the connections that its packet filter remembers (conntrack), and who removes tables
 * of it (nfnetlink). Knows nothing of containers or their networks.
 *
 * <p>Start at {@link dev.kemas.netlink.Rtnetlink}. {@code NetlinkSocket} sends batches and lists,
 * {@code NetlinkWriter} and {@code NetlinkReader} lay out messages, {@code NetlinkEncoder} knows
 * what a {@link dev.kemas.netlink.LinkRequest} looks like; the system calls are those of {@link
 * dev.kemas.linux.NetlinkTransport}.
 */
@NullMarked
package dev.kemas.netlink;

import org.jspecify.annotations.NullMarked;
