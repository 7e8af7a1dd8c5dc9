/** kemas init: a Dockerfile, .dockerignore and compose.yaml for the project in a folder. */
module dev.kemas.cli.init {
  requires static org.jspecify;
  requires dev.kemas.flag;
  requires dev.kemas.api.client;
  requires transitive dev.kemas.cli.command;

  exports dev.kemas.cli.init;
}
