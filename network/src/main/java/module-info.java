/** Bridges, links, published ports, rules: what containers are connected by. */
module dev.kemas.network {
  requires static org.jspecify;
  requires org.slf4j;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.linux;
  requires transitive dev.kemas.host;
  requires transitive dev.kemas.address;
  requires transitive dev.kemas.dns;
  requires dev.kemas.netlink;
  requires dev.kemas.nftables;

  exports dev.kemas.network;

  opens dev.kemas.network;
}
