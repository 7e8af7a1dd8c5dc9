/** The client side of the distribution API. */
module dev.kemas.registry.client {
  requires static org.jspecify;
  requires org.slf4j;
  requires java.net.http;
  requires com.fasterxml.jackson.databind;
  requires dev.kemas.tls;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.oci;
  requires transitive dev.kemas.content;

  exports dev.kemas.registry.client;
}
