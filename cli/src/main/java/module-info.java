/** The kemas command line. */
module dev.kemas.cli {
  requires static org.jspecify;
  requires info.picocli;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.container;
  requires transitive dev.kemas.api;
  requires transitive dev.kemas.api.client;
  requires transitive dev.kemas.linux;

  exports dev.kemas.cli;
}
