/** What COPY and ADD do with files: choose them, name them by digest, lay them down. */
module dev.kemas.build.files {
  requires static org.jspecify;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.oci;
  requires transitive dev.kemas.linux;
  requires transitive dev.kemas.dockerfile;

  exports dev.kemas.build.files;
}
