/**
 * Names for containers: {@link dev.kemas.dns.NameService} is a name server inside each namespace
 * that needs one (RFC 1035), at 127.0.0.11. It answers from the {@link dev.kemas.dns.NameTable}s it
 * is told and asks other servers for the rest. {@link dev.kemas.dns.ResolvConf} reads and writes
 * resolv.conf(5). Knows nothing of networks or containers but their names and addresses.
 */
@NullMarked
package dev.kemas.dns;

import org.jspecify.annotations.NullMarked;
