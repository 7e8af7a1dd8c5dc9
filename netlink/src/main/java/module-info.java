/** Links, addresses, routes, neighbours and remembered connections, over netlink. */
module dev.kemas.netlink {
  requires static org.jspecify;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.linux;

  exports dev.kemas.netlink;
}
