/** The commands about registries. */
module dev.kemas.cli.registry {
  requires static org.jspecify;
  requires dev.kemas.fault;
  requires dev.kemas.flag;
  requires dev.kemas.template;
  requires dev.kemas.text;
  requires dev.kemas.cli.image;
  requires dev.kemas.cli.stream;
  requires dev.kemas.credential;
  requires transitive dev.kemas.api.client;
  requires transitive dev.kemas.cli.command;

  exports dev.kemas.cli.registry;
}
