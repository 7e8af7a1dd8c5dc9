/** Named volumes, drivers, copy-up. */
module dev.kemas.volume {
  requires static org.jspecify;
  requires org.slf4j;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.oci;
  requires transitive dev.kemas.linux;
  requires transitive dev.kemas.metadata;

  exports dev.kemas.volume;

  opens dev.kemas.volume;
}
