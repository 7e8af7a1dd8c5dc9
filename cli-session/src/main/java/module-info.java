/** What a build's client lends, over HTTP/2. */
module dev.kemas.cli.session {
  requires static org.jspecify;
  requires dev.kemas.fault;
  requires transitive dev.kemas.api.client;
  requires transitive dev.kemas.cli;
  requires dev.kemas.grpc;
  requires dev.kemas.session.client;
  requires org.eclipse.jetty.io;
  requires org.eclipse.jetty.server;
  requires org.eclipse.jetty.util;

  exports dev.kemas.cli.session;

  provides dev.kemas.cli.lend.Lender with
      dev.kemas.cli.session.SessionLender;
}
