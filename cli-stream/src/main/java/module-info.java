/** What flows while a command runs: progress, and the streams of a container. */
module dev.kemas.cli.stream {
  requires static org.jspecify;
  requires dev.kemas.fault;
  requires dev.kemas.flag;
  requires dev.kemas.text;
  requires transitive dev.kemas.linux;
  requires transitive dev.kemas.api.client;
  requires transitive dev.kemas.cli.command;

  exports dev.kemas.cli.stream;
}
