/**
 * What a user asks of a container: the configuration records that the API, the engine and the
 * clients share.
 */
module dev.kemas.container {
  requires static org.jspecify;
  requires transitive com.fasterxml.jackson.annotation;
  requires transitive com.fasterxml.jackson.core;
  requires transitive com.fasterxml.jackson.databind;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.oci;

  exports dev.kemas.container;

  opens dev.kemas.container;
}
