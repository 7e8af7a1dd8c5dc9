/** The contents of cache mounts as chunked artifacts. */
module dev.kemas.mount.travel {
  requires static org.jspecify;
  requires com.fasterxml.jackson.databind;
  requires com.github.luben.zstd_jni;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.oci;
  requires transitive dev.kemas.linux;

  exports dev.kemas.mount.travel;

  opens dev.kemas.mount.travel to
      com.fasterxml.jackson.databind;
}
