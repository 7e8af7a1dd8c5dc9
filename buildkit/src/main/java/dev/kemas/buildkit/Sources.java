package dev.kemas.buildkit;

import dev.kemas.buildkit.wire.Ops;
import dev.kemas.dockerfile.SourceRange;
import java.util.List;
import java.util.stream.IntStream;

/** Places in a Dockerfile as messages have them. */
final class Sources {
  private Sources() {}

  /** One range for each line. */
  static List<Ops.Range> ranges(SourceRange range) {
    return IntStream.rangeClosed(range.startLine(), range.endLine())
        .mapToObj(line -> {
          Ops.Position place = Ops.Position.newBuilder().setLine(line).build();
          return Ops.Range.newBuilder().setStart(place).setEnd(place).build();
        })
        .toList();
  }
}
