/** A registry: the server side of the distribution API. */
module dev.kemas.registry.server {
  requires static org.jspecify;
  requires org.slf4j;
  requires org.eclipse.jetty.server;
  requires org.eclipse.jetty.io;
  requires org.eclipse.jetty.http;
  requires org.eclipse.jetty.util;
  requires org.yaml.snakeyaml;
  requires bcrypt;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.oci;
  requires transitive dev.kemas.content;
  requires transitive dev.kemas.registry.store;
  requires dev.kemas.registry.client;
  requires dev.kemas.linux;
  requires dev.kemas.tls;
  requires dev.kemas.flag;

  exports dev.kemas.registry.server;
}
