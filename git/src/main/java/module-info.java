/** git repositories at a commit, fetched by the host's git. */
module dev.kemas.git {
  requires static org.jspecify;
  requires java.net.http;
  requires org.slf4j;
  requires transitive dev.kemas.fault;
  requires dev.kemas.linux;
  requires dev.kemas.address;

  exports dev.kemas.git;
}
