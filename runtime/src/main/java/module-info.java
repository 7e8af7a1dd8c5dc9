/** Bundle, conmon and an OCI runtime: create, start, signal, exec, attach, wait. */
module dev.kemas.runtime {
  requires static org.jspecify;
  requires org.slf4j;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.oci;
  requires transitive dev.kemas.linux;

  exports dev.kemas.runtime;
}
