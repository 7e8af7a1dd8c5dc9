/** Go's text templates, as far as --format uses them. */
module dev.kemas.template {
  requires static org.jspecify;
  requires transitive dev.kemas.api.client;

  exports dev.kemas.template;
}
