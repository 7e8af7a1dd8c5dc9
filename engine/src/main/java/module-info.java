/** Container life cycle: states, runtime spec, events, restart, recovery. */
module dev.kemas.engine {
  requires static org.jspecify;
  requires org.slf4j;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.oci;
  requires transitive dev.kemas.container;
  requires transitive dev.kemas.spec;
  requires transitive dev.kemas.linux;
  requires transitive dev.kemas.cgroup;
  requires dev.kemas.address;
  requires dev.kemas.dns;
  requires transitive dev.kemas.content;
  requires transitive dev.kemas.snapshot;
  requires transitive dev.kemas.archive;
  requires transitive dev.kemas.metadata;
  requires transitive dev.kemas.runtime;
  requires transitive dev.kemas.network;
  requires transitive dev.kemas.volume;
  requires transitive dev.kemas.image;

  exports dev.kemas.engine;

  opens dev.kemas.engine;
}
