/** What the daemon asks of a build's client. */
module dev.kemas.session {
  requires static org.jspecify;
  requires org.slf4j;
  requires dev.kemas.buildkit.wire;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.oci;
  requires transitive dev.kemas.linux;
  requires transitive dev.kemas.registry.client;
  requires transitive dev.kemas.grpc;
  requires transitive dev.kemas.synced.folder;
  requires transitive dev.kemas.file.transfer;

  exports dev.kemas.session;
}
