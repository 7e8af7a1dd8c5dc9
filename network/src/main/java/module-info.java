/** Bridges, links, addresses, published ports, rules, DNS. */
module dev.kemas.network {
  requires static org.jspecify;
  requires org.slf4j;
  requires org.dnsjava;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.linux;
  requires transitive dev.kemas.host;
  requires dev.kemas.netlink;
  requires dev.kemas.nftables;

  exports dev.kemas.network;

  opens dev.kemas.network;
}
