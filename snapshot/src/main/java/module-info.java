/** Layered file systems: prepare, fill, commit, remove; overlay and plain copy. */
module dev.kemas.snapshot {
  requires static org.jspecify;
  requires org.slf4j;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.oci;
  requires transitive dev.kemas.linux;

  exports dev.kemas.snapshot;
}
