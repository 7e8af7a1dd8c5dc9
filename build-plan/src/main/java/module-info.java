/** A Dockerfile to a graph of content-addressed operations, pure and printable. */
module dev.kemas.build.plan {
  requires static org.jspecify;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.oci;
  requires transitive dev.kemas.dockerfile;
  requires transitive dev.kemas.image;

  exports dev.kemas.build.plan;
}
