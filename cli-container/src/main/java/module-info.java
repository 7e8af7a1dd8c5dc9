/** The commands about containers. */
module dev.kemas.cli.container {
  requires static org.jspecify;
  requires dev.kemas.fault;
  requires dev.kemas.flag;
  requires dev.kemas.template;
  requires dev.kemas.text;
  requires dev.kemas.linux;
  requires dev.kemas.cli.stream;
  requires dev.kemas.cli.image;
  requires transitive dev.kemas.api.client;
  requires transitive dev.kemas.cli.command;

  exports dev.kemas.cli.container;
}
