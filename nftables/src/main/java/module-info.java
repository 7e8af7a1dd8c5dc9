/** Nftables transactions, by the library or by the program nft. */
module dev.kemas.nftables {
  requires static org.jspecify;
  requires transitive dev.kemas.fault;
  requires dev.kemas.linux;

  exports dev.kemas.nftables;
}
