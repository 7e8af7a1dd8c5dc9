/** Bridges, links, addresses, published ports, rules, DNS. */
@NullMarked
package dev.kemas.network;

import org.jspecify.annotations.NullMarked;
