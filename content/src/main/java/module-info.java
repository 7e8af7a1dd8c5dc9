/** Blobs by digest: ingest, resume, verify, read. */
module dev.kemas.content {
  requires static org.jspecify;
  requires org.slf4j;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.oci;
  requires transitive dev.kemas.linux;

  exports dev.kemas.content;
}
