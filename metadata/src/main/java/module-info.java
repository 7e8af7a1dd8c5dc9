/** Durable records in one embedded transactional store. */
module dev.kemas.metadata {
  requires static org.jspecify;
  requires com.fasterxml.jackson.annotation;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires java.sql;
  requires org.xerial.sqlitejdbc;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.oci;

  exports dev.kemas.metadata;

  opens dev.kemas.metadata;
}
