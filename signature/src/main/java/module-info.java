/** Who must have signed an image, and whether a signature holds. */
module dev.kemas.signature {
  requires static org.jspecify;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.oci;

  exports dev.kemas.signature;

  uses dev.kemas.signature.KeylessVerifier;
}
