/** The build cache within its limits, and its way to other machines and back. */
module dev.kemas.build.cache {
  requires static org.jspecify;
  requires org.slf4j;
  requires com.fasterxml.jackson.databind;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.oci;
  requires transitive dev.kemas.linux;
  requires transitive dev.kemas.content;
  requires transitive dev.kemas.image;
  requires transitive dev.kemas.registry.client;
  requires transitive dev.kemas.build;
  requires dev.kemas.mount.travel;

  exports dev.kemas.build.cache;

  opens dev.kemas.build.cache;
}
