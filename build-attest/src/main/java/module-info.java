/** What is attached to built images: provenance and bills of materials. */
module dev.kemas.build.attest {
  requires static org.jspecify;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.oci;
  requires transitive dev.kemas.image;
  requires transitive dev.kemas.build;
  requires transitive dev.kemas.provenance;
  requires dev.kemas.build.plan;
  requires dev.kemas.dockerfile;
  requires dev.kemas.sbom;

  exports dev.kemas.build.attest;
}
