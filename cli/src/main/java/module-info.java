/** The kemas command line. */
module dev.kemas.cli {
  requires static org.jspecify;
  // Protocol Buffers log with it, which are loaded from beside the program
  requires java.logging;
  requires dev.kemas.fault;
  requires transitive dev.kemas.api.client;
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
  // what lends to builds is loaded from beside the program, and has to know what is lent
  exports dev.kemas.cli.lend;

  uses dev.kemas.cli.lend.Lender;

  provides java.security.Provider with
      dev.kemas.cli.start.KernelRandom;
}
