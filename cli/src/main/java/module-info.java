/** The kemas command line. */
module dev.kemas.cli {
  requires static org.jspecify;
  requires dev.kemas.fault;
  requires dev.kemas.api.client;
  requires dev.kemas.flag;
  requires dev.kemas.template;
  requires dev.kemas.text;
  requires dev.kemas.cli.command;
  requires dev.kemas.cli.stream;
  requires dev.kemas.cli.image;
  requires dev.kemas.cli.registry;
  requires dev.kemas.credential;
  requires dev.kemas.cli.container;
  requires dev.kemas.cli.init;
  requires dev.kemas.linux;
  requires dev.kemas.nftables;
  requires dev.kemas.host;
  requires dev.kemas.dockerfile;

  exports dev.kemas.cli;

  provides java.security.Provider with
      dev.kemas.cli.start.KernelRandom;
}
