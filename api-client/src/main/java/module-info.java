/** Client for any Docker-compatible socket. */
module dev.kemas.api.client {
  requires static org.jspecify;
  requires transitive dev.kemas.fault;

  exports dev.kemas.api.client;
}
