package dev.kemas.buildkit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.kemas.buildkit.wire.Ops;
import dev.kemas.buildkit.wire.Rpc;
import dev.kemas.dockerfile.Mistake;
import dev.kemas.dockerfile.SourceRange;
import dev.kemas.fault.Fault;
import dev.kemas.grpc.CallFailed;
import dev.kemas.grpc.Code;
import dev.kemas.oci.Json;
import java.util.Optional;

/**
 * Why a build failed, in the form that BuildKit's clients print: with the lines of the Dockerfile.
 * Their details are JSON inside of a protocol buffer's {@code Any} (BuildKit, util/grpcerrors).
 */
final class Failures {
  private static final String SOURCE = "github.com/moby/buildkit/errdefs.Source+json";
  private static final String VERTEX = "github.com/moby/buildkit/errdefs.Vertex+json";

  private Failures() {}

  /**
   * A build's fault.
   *
   * @param failed the step that made it fail
   * @param dockerfile what was read
   */
  static CallFailed of(
      Fault fault, Optional<Vertices.Failed> failed, Optional<Ops.SourceInfo> dockerfile) {
    // every other code is told to the user in front of the message
    Code code = fault instanceof Fault.Cancelled ? Code.CANCELLED : Code.UNKNOWN;
    Optional<Mistake> mistake = Mistake.of(fault);
    String message =
        mistake
            .map(Mistake::line)
            .or(() -> failed.map(Vertices.Failed::message))
            .filter(_ -> code == Code.UNKNOWN)
            .orElse(fault.getMessage());
    Rpc.Status.Builder status = Rpc.Status.newBuilder().setCode(code.number()).setMessage(message);
    failed.ifPresent(step -> status.addDetails(detail(VERTEX, vertex(step.digest()))));
    Optional<SourceRange> range =
        mistake.map(Mistake::range).or(() -> failed.flatMap(Vertices.Failed::range));
    if (range.isPresent() && dockerfile.isPresent()) {
      status.addDetails(detail(SOURCE, source(dockerfile.get(), range.get())));
    }
    return new CallFailed(code, message, status.build().toByteString(), fault);
  }

  /** A failure that the client reported of itself, to be told back as it came. */
  static CallFailed of(Rpc.Status status) {
    Code code = Code.of(Integer.toString(status.getCode()));
    return new CallFailed(
        code,
        status.getMessage(),
        status.toByteString(),
        new Fault.Cancelled("the client gave the build up: " + status.getMessage()));
  }

  private static Any detail(String type, ObjectNode value) {
    return Any.newBuilder()
        .setTypeUrl(type)
        .setValue(ByteString.copyFrom(Json.write(value)))
        .build();
  }

  private static ObjectNode vertex(String digest) {
    return Json.mapper().createObjectNode().put("digest", digest);
  }

  private static ObjectNode source(Ops.SourceInfo dockerfile, SourceRange range) {
    ObjectNode source = Json.mapper().createObjectNode();
    source
        .putObject("info")
        .put("filename", dockerfile.getFilename())
        .put("data", dockerfile.getData().toByteArray())
        .put("language", dockerfile.getLanguage());
    ArrayNode ranges = source.putArray("ranges");
    for (Ops.Range line : Sources.ranges(range)) {
      ObjectNode place = ranges.addObject();
      place.putObject("start").put("line", line.getStart().getLine());
      place.putObject("end").put("line", line.getEnd().getLine());
    }
    return source;
  }
}
