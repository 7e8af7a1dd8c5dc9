/** Certificates and keys in PEM files. */
module dev.kemas.tls {
  requires static org.jspecify;
  requires transitive dev.kemas.fault;

  exports dev.kemas.tls;
}
