/** Where a build goes besides the engine's images: registries, archives, folders. */
module dev.kemas.build.export {
  requires static org.jspecify;
  requires transitive dev.kemas.fault;
  requires transitive dev.kemas.oci;
  requires transitive dev.kemas.linux;
  requires transitive dev.kemas.archive;
  requires transitive dev.kemas.registry.client;
  requires transitive dev.kemas.image;
  requires transitive dev.kemas.build;

  exports dev.kemas.build.export;
}
