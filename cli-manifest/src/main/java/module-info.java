/** Lists of manifests: made here, kept beside the client's configuration, pushed. */
module dev.kemas.cli.manifest {
  requires static org.jspecify;
  requires com.fasterxml.jackson.databind;
  requires dev.kemas.fault;
  requires dev.kemas.oci;
  requires dev.kemas.content;
  requires dev.kemas.flag;
  requires dev.kemas.credential;
  requires dev.kemas.registry.client;

  exports dev.kemas.cli.manifest;

  opens dev.kemas.cli.manifest;
}
