/** The messages of BuildKit's gRPC services, generated from the files under src/main/protobuf. */
module dev.kemas.buildkit.wire {
  requires transitive com.google.protobuf;

  exports dev.kemas.buildkit.wire;
}
