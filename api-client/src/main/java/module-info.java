/** Typed client for any Docker-compatible socket. */
module dev.kemas.api.client {
  requires static org.jspecify;
  requires com.fasterxml.jackson.annotation;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.container;
  requires transitive dev.kemas.api;

  exports dev.kemas.api.client;
  opens dev.kemas.api.client;
}
