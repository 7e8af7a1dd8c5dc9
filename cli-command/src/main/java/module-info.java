/** What every command is made of: the session, list output, help. */
module dev.kemas.cli.command {
  requires static org.jspecify;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.flag;
  requires transitive dev.kemas.template;
  requires transitive dev.kemas.text;
  requires transitive dev.kemas.api.client;

  exports dev.kemas.cli.command;
}
