/** The engine's name server for containers, and resolv.conf. */
module dev.kemas.dns {
  requires static org.jspecify;
  requires org.slf4j;
  requires org.dnsjava;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.linux;
  requires dev.kemas.nftables;
  requires dev.kemas.address;

  exports dev.kemas.dns;
}
