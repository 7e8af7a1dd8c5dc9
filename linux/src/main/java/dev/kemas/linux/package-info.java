/** Every system call: mounts, namespaces, netlink, nftables, cgroups, terminals, durable files. */
@NullMarked
package dev.kemas.linux;

import org.jspecify.annotations.NullMarked;
