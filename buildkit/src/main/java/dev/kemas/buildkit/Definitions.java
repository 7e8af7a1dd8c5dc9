package dev.kemas.buildkit;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.kemas.buildkit.wire.Ops;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import java.util.Optional;

/**
 * A result of a build, written down as a graph of one operation of our own, so that a client can
 * hand it to another build of its.
 */
final class Definitions {
  private static final String SCHEME = "kemas-result://";

  private Definitions() {}

  /** Names the result of a build. */
  record Result(String build, String id) {}

  static Ops.Definition of(String build, String id) {
    ByteString source =
        Ops.Op.newBuilder()
            .setSource(Ops.SourceOp.newBuilder().setIdentifier(SCHEME + build + '/' + id))
            .build()
            .toByteString();
    String digest = Digest.of(source.toByteArray()).toString();
    // the last operation has none but its input: it says which one is the result
    ByteString end =
        Ops.Op.newBuilder()
            .addInputs(Ops.Input.newBuilder().setDigest(digest))
            .build()
            .toByteString();
    return Ops.Definition.newBuilder()
        .addDef(source)
        .addDef(end)
        .putMetadata(digest, Ops.OpMetadata.getDefaultInstance())
        .putMetadata(Digest.of(end.toByteArray()).toString(), Ops.OpMetadata.getDefaultInstance())
        .build();
  }

  /**
   * The result that is named.
   *
   * @throws Fault.Unsupported when it is another graph
   */
  static Result result(Ops.Definition definition) {
    Optional<Result> found = Optional.empty();
    for (ByteString bytes : definition.getDefList()) {
      try {
        String identifier = Ops.Op.parseFrom(bytes).getSource().getIdentifier();
        int slash = identifier.lastIndexOf('/');
        if (identifier.startsWith(SCHEME) && slash > SCHEME.length()) {
          found =
              Optional.of(
                  new Result(
                      identifier.substring(SCHEME.length(), slash),
                      identifier.substring(slash + 1)));
        }
      } catch (InvalidProtocolBufferException e) {
        throw new Fault.InvalidArgument("an operation of the graph cannot be read", e);
      }
    }
    return found.orElseThrow(() ->
        new Fault.Unsupported(
            "a graph of BuildKit's own operations is not run here: only results of builds"));
  }
}
