package dev.kemas.session.client;

import dev.kemas.fault.Fault;
import dev.kemas.file.transfer.FileSender;
import dev.kemas.file.transfer.FolderSource;
import dev.kemas.grpc.Call;
import dev.kemas.grpc.Handler;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Sends folders as far as they are asked for. */
final class FolderService implements Handler {
  private final Map<String, Path> folders;

  FolderService(Map<String, Path> folders) {
    this.folders = Map.copyOf(folders);
  }

  @Override
  public void handle(Call call) {
    String name = values(call, "dir-name").stream().findFirst().orElse("");
    Path folder = folders.get(name);
    if (folder == null) {
      throw new Fault.NotFound("folder", name, "no access allowed to dir \"" + name + "\"");
    }
    FolderSource.Selection selection =
        PatternSelection.of(
            folder,
            values(call, "include-patterns"),
            values(call, "exclude-patterns"),
            values(call, "followpaths"));
    try (FolderSource source = new FolderSource(folder, selection, FolderSource.Owners.ROOT)) {
      FileSender.send(call, source);
    }
  }

  private static List<String> values(Call call, String name) {
    List<String> values = call.metadata().getOrDefault(name, List.of());
    boolean encoded =
        call.metadata(name + "-encoded").filter(mark -> !mark.equals("0")).isPresent();
    return encoded
        ? values.stream().map(text -> URLDecoder.decode(text, StandardCharsets.UTF_8)).toList()
        : values;
  }
}
