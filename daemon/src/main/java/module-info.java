/** Kemasd: configuration, wiring, shut-down order. */
module dev.kemas.daemon {
  requires static org.jspecify;
  requires org.slf4j;
  requires ch.qos.logback.classic;
  requires ch.qos.logback.core;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.oci;
  requires transitive dev.kemas.container;
  requires transitive dev.kemas.api;
  requires transitive dev.kemas.api.server;

  provides ch.qos.logback.classic.spi.Configurator with
      dev.kemas.daemon.LogSetup;
}
