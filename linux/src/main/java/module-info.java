/** Every system call: mounts, namespaces, processes, terminals, sockets, durable files. */
module dev.kemas.linux {
  requires static org.jspecify;
  requires jdk.unsupported;
  requires transitive dev.kemas.fault;

  exports dev.kemas.linux;
}
