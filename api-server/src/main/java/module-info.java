/** The Engine API over HTTP: one router a resource, each with its own backend interface. */
module dev.kemas.api.server {
  requires static org.jspecify;
  requires org.slf4j;
  requires org.eclipse.jetty.server;
  requires org.eclipse.jetty.unixdomain.server;
  requires org.eclipse.jetty.io;
  requires org.eclipse.jetty.http;
  requires org.eclipse.jetty.util;
  requires dev.kemas.tls;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.oci;
  requires transitive dev.kemas.container;
  requires transitive dev.kemas.api;
  requires transitive dev.kemas.grpc;

  exports dev.kemas.api.server;
}
