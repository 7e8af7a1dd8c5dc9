package dev.kemas.network;

import dev.kemas.fault.Fault;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The networks of one daemon, and the containers in them.
 *
 * <p>Life: {@link #open}, {@link #reconcile} once, then anything from any thread, at last {@link
 * #close}, which leaves every container's network working. What a method is about to do in the
 * kernel is written to the {@link NetworkRecords} first, so that a daemon killed at any line is
 * repaired by the next one's {@code reconcile}. A method that throws has undone what it did.
 *
 * <p>Reading methods take no lock that a changing one holds for long.
 */
public final class Networks implements AutoCloseable {
  private Networks() {}

  /**
   * Reads the records and makes the predefined networks known; changes nothing in the kernel yet.
   *
   * @throws Fault.InvalidArgument when the settings contradict each other
   * @throws Fault.DataLoss when a record cannot be read
   */
  public static Networks open(NetworkSettings settings, NetworkRecords records) {
    return pending();
  }

  /**
   * Brings the kernel in line with the records: bridges, the rules, forwarding, every live
   * sandbox's links, ports and name server; removes what a killed daemon left half made or half
   * removed.
   *
   * @param live the ids of the sandboxes whose containers run; all others are removed
   * @throws Fault.Unsupported when this host cannot do bridge networks; the message says why
   */
  public Reconciliation reconcile(Set<String> live) {
    return pending();
  }

  /**
   * Makes a network.
   *
   * @throws Fault.Conflict {@code network with name NAME already exists}
   * @throws Fault.InvalidArgument for a bad name, an unknown driver or option value, a gateway
   *     outside its subnet
   * @throws Fault.Forbidden for a second network of the predefined drivers, and for a subnet that
   *     another network has: {@code invalid pool request: Pool overlaps with other one on this
   *     address space}
   * @throws Fault.ResourceExhausted {@code all predefined address pools have been fully subnetted}
   */
  public Network create(NetworkSpec spec) {
    return pending();
  }

  /**
   * Removes a network and its bridge.
   *
   * @param network name, id or unique start of an id
   * @return what was removed
   * @throws Fault.NotFound {@code network X not found}
   * @throws Fault.Forbidden when it is predefined, or has endpoints: {@code error while removing
   *     network: network X has active endpoints (name:"..." id:"...")}
   */
  public Network remove(String network) {
    return pending();
  }

  /**
   * The network of a name, an id or the unique start of an id, looked for in this order.
   *
   * @throws Fault.NotFound {@code network X not found}
   * @throws Fault.InvalidArgument {@code network X is ambiguous (2 matches found based on ID
   *     prefix)}
   */
  public Network get(String network) {
    return pending();
  }

  /** All networks, in the order of their names. */
  public List<Network> list() {
    return pending();
  }

  /** The networks that a prune may remove: user-defined and without endpoints. */
  public List<Network> unused() {
    return pending();
  }

  /** The open sandboxes that are connected to a network, for its inspection. */
  public List<Sandbox> connected(String networkId) {
    return pending();
  }

  /**
   * Makes a container's network: namespace, links, addresses, routes, published ports and name
   * server, all or nothing. A few milliseconds for one endpoint on the default network.
   *
   * @throws Fault.NotFound for an unknown network
   * @throws Fault.Conflict when the sandbox is open already, a fixed address is in use ({@code
   *     Address already in use}), and for a port that is taken: {@code driver failed programming
   *     external connectivity on endpoint NAME (ID): Bind for 0.0.0.0:5000 failed: port is already
   *     allocated}
   * @throws Fault.InvalidArgument for an address outside the network, two networks of which one is
   *     {@code host} or {@code none}
   * @throws Fault.ResourceExhausted when a subnet or the port range is used up
   */
  public Sandbox open(SandboxSpec spec) {
    return pending();
  }

  /** The sandbox of an id, if it is open. */
  public Optional<Sandbox> sandbox(String id) {
    return pending();
  }

  /** All open sandboxes. */
  public List<Sandbox> sandboxes() {
    return pending();
  }

  /**
   * Gives a container's network up. Its ports are closed and its names gone when this returns;
   * links and namespace are removed in the background, its addresses are free after that. Nothing
   * happens when there is no such sandbox.
   */
  public void close(String id) {
    pending();
  }

  /**
   * Connects an open sandbox to a further network. If that becomes the way out, the default route
   * and the published ports move to it.
   *
   * @return the sandbox afterwards
   * @throws Fault.NotFound for an unknown sandbox or network
   * @throws Fault.Forbidden {@code endpoint with name NAME already exists in network X}
   * @throws Fault.Conflict and the other faults as {@link #open(SandboxSpec)}
   */
  public Sandbox connect(String sandbox, EndpointSpec endpoint) {
    return pending();
  }

  /**
   * Disconnects an open sandbox from a network; the way out moves to the next one.
   *
   * @return the sandbox afterwards
   * @throws Fault.NotFound for an unknown sandbox or network
   * @throws Fault.Forbidden {@code container ID is not connected to network X}
   */
  public Sandbox disconnect(String sandbox, String network) {
    return pending();
  }

  /** Lets the DNS answer to another container name from now on. */
  public Sandbox rename(String sandbox, String containerName) {
    return pending();
  }

  /**
   * The contents of a container's resolv.conf and hosts files as things are now; to be written
   * again after {@link #connect} and {@link #disconnect}.
   *
   * @throws Fault.NotFound for an unknown sandbox
   */
  public ContainerFiles files(String sandbox, List<ExtraHost> extra) {
    return pending();
  }

  /** What the host offers and lacks for networks; changes nothing, works before reconcile too. */
  public List<Finding> examine() {
    return pending();
  }

  /** Waits until all that was left to the background is done, for a stop and for tests. */
  public void settle() {
    pending();
  }

  /**
   * Ends the background work and closes what this process holds; containers keep their networks.
   */
  @Override
  public void close() {
    pending();
  }

  /** Removes everything that this instance ever made, records included. */
  public void destroy() {
    pending();
  }

  @SuppressWarnings("TypeParameterUnusedInFormals") // stands in for results of any type
  private static <T> T pending() {
    throw new Fault.Unsupported("networks are not available in this build yet");
  }
}
