/** What a build's client offers the daemon. */
module dev.kemas.session.client {
  requires static org.jspecify;
  requires dev.kemas.buildkit.wire;
  requires dev.kemas.dockerfile;
  requires dev.kemas.synced.folder;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.oci;
  requires transitive dev.kemas.linux;
  requires transitive dev.kemas.grpc;
  requires transitive dev.kemas.file.transfer;

  exports dev.kemas.session.client;
}
