/** Copies of clients' folders kept between builds. */
module dev.kemas.synced.folder {
  requires static org.jspecify;
  requires org.slf4j;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.oci;
  requires transitive dev.kemas.linux;

  exports dev.kemas.synced.folder;
}
