/** Trees of files over a gRPC call, in both directions. */
module dev.kemas.file.transfer {
  requires static org.jspecify;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.linux;
  requires transitive dev.kemas.buildkit.wire;
  requires transitive dev.kemas.grpc;
  requires transitive dev.kemas.synced.folder;

  exports dev.kemas.file.transfer;
}
