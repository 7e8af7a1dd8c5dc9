/**
 * What containers are connected by: bridge networks, network namespaces with their links and
 * addresses, published ports, rules and names.
 *
 * <p>Start at {@link dev.kemas.network.Networks}, the one door. It takes {@link
 * dev.kemas.network.NetworkSettings} and a {@link dev.kemas.network.NetworkRecords} to write down
 * what it does, and hands out records only. The sub-packages hold the parts, each unaware of the
 * others: {@code address} gives out subnets and addresses, {@code wire} changes links and
 * namespaces, {@code rules} owns the nftables table, {@code ports} reserves host ports, {@code
 * names} answers DNS. Nothing here knows of images, processes or HTTP.
 */
@NullMarked
package dev.kemas.network;

import org.jspecify.annotations.NullMarked;
