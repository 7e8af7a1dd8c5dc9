/** Base images from the host's package mirror. */
module dev.kemas.bootstrap {
  requires static org.jspecify;
  requires dev.kemas.fault;
  requires transitive dev.kemas.oci;
  requires dev.kemas.linux;
  requires dev.kemas.archive;
  requires transitive dev.kemas.image;

  exports dev.kemas.bootstrap;
}
