/** Engine API records, versions and stream framing. */
module dev.kemas.api {
  requires static org.jspecify;
  requires transitive com.fasterxml.jackson.annotation;
  requires transitive com.fasterxml.jackson.core;
  requires transitive com.fasterxml.jackson.databind;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.container;

  exports dev.kemas.api;

  opens dev.kemas.api;
}
