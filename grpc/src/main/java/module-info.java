/** gRPC in both roles upon a connection that was taken over. */
module dev.kemas.grpc {
  requires static org.jspecify;
  requires org.slf4j;
  requires org.eclipse.jetty.http2.client;
  requires org.eclipse.jetty.http2.server;
  requires org.eclipse.jetty.util;
  requires transitive org.eclipse.jetty.io;
  requires transitive org.eclipse.jetty.server;
  requires transitive com.google.protobuf;
  requires transitive dev.kemas.fault;

  exports dev.kemas.grpc;
}
