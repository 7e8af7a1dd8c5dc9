/** Kemasd: configuration, wiring, shut-down order. */
module dev.kemas.daemon {
  requires static org.jspecify;
  requires org.slf4j;
  requires ch.qos.logback.classic;
  requires ch.qos.logback.core;
  requires dev.kemas.fault;
  requires dev.kemas.oci;
  requires dev.kemas.container;
  requires dev.kemas.linux;
  requires dev.kemas.cgroup;
  requires dev.kemas.address;
  requires dev.kemas.dns;
  requires dev.kemas.content;
  requires dev.kemas.snapshot;
  requires dev.kemas.archive;
  requires dev.kemas.metadata;
  requires dev.kemas.runtime;
  requires dev.kemas.network;
  requires dev.kemas.volume;
  requires dev.kemas.image;
  requires dev.kemas.bootstrap;
  requires dev.kemas.engine;
  requires dev.kemas.build;
  requires dev.kemas.build.attest;
  requires dev.kemas.build.cache;
  requires dev.kemas.registry.client;
  requires dev.kemas.signature;
  requires dev.kemas.api;
  requires dev.kemas.api.server;
  requires dev.kemas.build.files;
  requires dev.kemas.grpc;
  requires dev.kemas.synced.folder;
  requires dev.kemas.file.transfer;
  requires dev.kemas.session;
  requires dev.kemas.build.export;
  requires dev.kemas.buildkit;

  provides ch.qos.logback.classic.spi.Configurator with
      dev.kemas.daemon.LogSetup;
}
