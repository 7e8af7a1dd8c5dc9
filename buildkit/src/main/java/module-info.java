/** BuildKit's control and gateway services upon the builder. */
module dev.kemas.buildkit {
  requires static org.jspecify;
  requires org.slf4j;
  requires com.fasterxml.jackson.databind;
  requires dev.kemas.build.explain;
  requires dev.kemas.build.plan;
  requires dev.kemas.linux;
  requires dev.kemas.dockerfile;
  requires transitive dev.kemas.build;
  requires dev.kemas.build.attest;
  requires transitive dev.kemas.buildkit.wire;
  requires transitive dev.kemas.container;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.grpc;
  requires transitive dev.kemas.image;
  requires transitive dev.kemas.oci;

  exports dev.kemas.buildkit;
}
