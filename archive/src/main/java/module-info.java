/** Tar apply and diff, whiteouts, compression, path safety. */
module dev.kemas.archive {
  requires static org.jspecify;
  requires org.apache.commons.compress;
  requires com.github.luben.zstd_jni;
  requires org.tukaani.xz;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.oci;
  requires transitive dev.kemas.linux;
  requires transitive dev.kemas.snapshot;

  exports dev.kemas.archive;
}
