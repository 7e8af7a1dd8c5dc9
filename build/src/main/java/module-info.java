/** Dockerfile builds: graph, cache keys, parallel solver, image assembly. */
module dev.kemas.build {
  requires static org.jspecify;
  requires java.net.http;
  requires org.slf4j;
  requires org.yaml.snakeyaml;
  requires com.fasterxml.jackson.databind;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.oci;
  requires transitive dev.kemas.container;
  requires transitive dev.kemas.spec;
  requires transitive dev.kemas.linux;
  requires dev.kemas.address;
  requires transitive dev.kemas.git;
  requires transitive dev.kemas.dockerfile;
  requires transitive dev.kemas.guard;
  requires transitive dev.kemas.build.plan;
  requires transitive dev.kemas.build.files;
  requires transitive dev.kemas.build.explain;
  requires transitive dev.kemas.snapshot;
  requires transitive dev.kemas.archive;
  requires transitive dev.kemas.metadata;
  requires transitive dev.kemas.registry.client;
  requires transitive dev.kemas.runtime;
  requires transitive dev.kemas.network;
  requires transitive dev.kemas.image;

  exports dev.kemas.build;

  opens dev.kemas.build;
}
