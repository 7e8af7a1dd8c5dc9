/**
 * What is likely not meant in a build: data and models in images, large layers, unpinned or late
 * steps, secrets left behind.
 */
module dev.kemas.guard {
  requires static org.jspecify;
  requires dev.kemas.fault;
  requires transitive dev.kemas.dockerfile;

  exports dev.kemas.guard;
}
