/**
 * What containers are connected by: bridge networks, network namespaces with their links and
 * addresses, published ports, rules and names.
 *
 * <p>Start at {@link dev.kemas.network.Networks}, the one door. It takes {@link
 * dev.kemas.network.NetworkSettings} and a {@link dev.kemas.network.NetworkRecords} to write down
 * what it does, and hands out records only. Behind it: {@code NetworkCatalog} has the networks and
 * their bridges, {@code SandboxBook} the containers' namespaces; {@code HostKernel} is the one way
 * to the kernel, {@code RuleTable} owns the nftables table, {@code HostPorts} holds host ports,
 * {@code NameTables} says what {@code dns} answers, {@code Reconciler} mends at start-up. What only
 * decides is kept apart from what does: {@code NetworkPlanner}, {@code SandboxPlanner}, {@code
 * NameSources}. Nothing here knows of images, processes or HTTP.
 */
@NullMarked
package dev.kemas.network;

import org.jspecify.annotations.NullMarked;
