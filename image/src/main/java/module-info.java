/** Images: pull, load, save, import, tag, unpack. */
module dev.kemas.image {
  requires static org.jspecify;
  requires org.slf4j;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.oci;
  requires transitive dev.kemas.content;
  requires transitive dev.kemas.snapshot;
  requires transitive dev.kemas.archive;
  requires transitive dev.kemas.metadata;
  requires transitive dev.kemas.registry.client;
  requires transitive dev.kemas.signature;
  requires transitive dev.kemas.linux;
  requires dev.kemas.dockerfile;
  requires com.fasterxml.jackson.annotation;
  requires com.fasterxml.jackson.databind;

  exports dev.kemas.image;

  opens dev.kemas.image;
}
