/**
 * Addresses as values: {@link dev.kemas.address.Subnet} and what is cut from pools of them, {@link
 * dev.kemas.address.AddressSpace} for who has which, {@link dev.kemas.address.MacAddress}. Pure:
 * nothing here asks a kernel or a name server.
 */
@NullMarked
package dev.kemas.address;

import org.jspecify.annotations.NullMarked;
