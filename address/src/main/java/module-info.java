/** Ranges of IP addresses, pools of them, who has which; hardware addresses. */
module dev.kemas.address {
  requires static org.jspecify;
  requires transitive dev.kemas.fault;

  exports dev.kemas.address;
}
