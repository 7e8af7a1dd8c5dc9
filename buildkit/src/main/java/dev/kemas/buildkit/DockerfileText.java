package dev.kemas.buildkit;

import com.google.protobuf.ByteString;
import dev.kemas.build.Cancellation;
import dev.kemas.build.Context;
import dev.kemas.buildkit.wire.Ops;
import java.util.Optional;

/**
 * The folder of the Dockerfile, which remembers what was read as the Dockerfile: errors and
 * findings show its lines. Safe for several threads.
 */
final class DockerfileText implements Context {
  private final Context folder;
  private final String path;
  private volatile Optional<String> read = Optional.empty();

  DockerfileText(Context folder, String path) {
    this.folder = folder;
    this.path = path;
  }

  @Override
  public Optional<String> text(String wanted) {
    Optional<String> text = folder.text(wanted);
    if (text.isPresent() && wanted.equalsIgnoreCase(path)) {
      read = text;
    }
    return text;
  }

  @Override
  public Files files(Wanted wanted, Cancellation cancelled) {
    return folder.files(wanted, cancelled);
  }

  /** What was read; empty before. */
  Optional<Ops.SourceInfo> info() {
    return read.map(text ->
        Ops.SourceInfo.newBuilder()
            .setFilename(path)
            .setLanguage("Dockerfile")
            .setData(ByteString.copyFromUtf8(text))
            .build());
  }
}
