/** Kemasd: configuration, wiring, shut-down order. */
module dev.kemas.daemon {
  requires static org.jspecify;
  requires org.slf4j;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.oci;
  requires transitive dev.kemas.container;
  requires transitive dev.kemas.linux;
  requires transitive dev.kemas.content;
  requires transitive dev.kemas.snapshot;
  requires transitive dev.kemas.archive;
  requires transitive dev.kemas.metadata;
  requires transitive dev.kemas.runtime;
  requires transitive dev.kemas.network;
  requires transitive dev.kemas.volume;
  requires transitive dev.kemas.image;
  requires transitive dev.kemas.engine;
  requires transitive dev.kemas.build;
  requires transitive dev.kemas.api;
  requires transitive dev.kemas.api.server;

  exports dev.kemas.daemon;
}
