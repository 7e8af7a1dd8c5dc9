/** Statements about images: how they were built, and what is in them. */
module dev.kemas.provenance {
  requires static org.jspecify;
  requires com.fasterxml.jackson.core;
  requires transitive com.fasterxml.jackson.databind;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.oci;
  requires dev.kemas.sbom;

  exports dev.kemas.provenance;
}
