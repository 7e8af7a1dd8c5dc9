/** Every system call: mounts, namespaces, netlink, nftables, cgroups, terminals, durable files. */
module dev.kemas.linux {
  requires static org.jspecify;
  requires transitive dev.kemas.fault;

  exports dev.kemas.linux;
}
