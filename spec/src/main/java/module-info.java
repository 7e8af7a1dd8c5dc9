/** A container's runtime specification: a pure function of what was asked and what the host is. */
module dev.kemas.spec {
  requires static org.jspecify;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.oci;
  requires transitive dev.kemas.container;

  exports dev.kemas.spec;
}
