/** Logins to registries, kept as Docker's clients keep them. */
module dev.kemas.credential {
  requires static org.jspecify;
  requires dev.kemas.fault;
  requires transitive dev.kemas.api.client;

  exports dev.kemas.credential;
}
