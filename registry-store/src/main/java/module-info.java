/** What a registry keeps: blobs and small records, in a folder or a bucket. */
module dev.kemas.registry.store {
  requires java.net.http;
  requires java.xml;
  requires static org.jspecify;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.oci;
  requires transitive dev.kemas.content;
  requires dev.kemas.linux;

  exports dev.kemas.registry.store;
}
