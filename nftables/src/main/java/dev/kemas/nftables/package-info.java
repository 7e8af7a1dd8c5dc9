/**
 * Transactions of nftables(8) commands, in this process by libnftables where the host has it, else
 * by the program nft; both fulfil one contract, {@link dev.kemas.nftables.Nftables}. Knows nothing
 * of what the rules are for.
 */
@NullMarked
package dev.kemas.nftables;

import org.jspecify.annotations.NullMarked;
