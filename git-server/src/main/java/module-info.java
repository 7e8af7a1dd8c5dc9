/** Serves git repositories on loopback; for tests. */
module dev.kemas.git.server {
  requires static org.jspecify;

  exports dev.kemas.git.server;
}
