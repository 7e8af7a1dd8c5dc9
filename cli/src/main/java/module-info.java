/** The kemas command line. */
module dev.kemas.cli {
  requires static org.jspecify;
  requires jdk.unsupported;
  requires dev.kemas.fault;
  requires dev.kemas.api.client;
  requires dev.kemas.linux;
  requires dev.kemas.nftables;
  requires dev.kemas.host;
  requires dev.kemas.dockerfile;

  exports dev.kemas.cli;

  provides java.security.Provider with
      dev.kemas.cli.start.KernelRandom;
}
