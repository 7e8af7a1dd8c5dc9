/** Records and JSON of the OCI image, runtime and distribution specifications. */
module dev.kemas.oci {
  requires static org.jspecify;
  requires transitive com.fasterxml.jackson.annotation;
  requires transitive com.fasterxml.jackson.core;
  requires transitive com.fasterxml.jackson.databind;
  requires transitive com.fasterxml.jackson.datatype.jdk8;
  requires transitive com.fasterxml.jackson.datatype.jsr310;
  requires transitive dev.kemas.fault;

  exports dev.kemas.oci;

  opens dev.kemas.oci;
}
