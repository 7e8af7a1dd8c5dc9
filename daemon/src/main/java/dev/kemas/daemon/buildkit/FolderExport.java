package dev.kemas.daemon.buildkit;

import dev.kemas.build.Built;
import dev.kemas.build.Export;
import dev.kemas.build.Workspaces;
import dev.kemas.fault.Fault;
import dev.kemas.file.transfer.FolderSource;
import dev.kemas.session.ClientExports;
import java.util.Map;

/** The result's files, sent into a folder of the client. */
record FolderExport(ClientExports client, int number) implements Export {
  @Override
  public String title() {
    return "exporting to client directory";
  }

  @Override
  public Map<String, String> deliver(Delivery delivery) {
    if (delivery.results().size() != 1) {
      throw new Fault.Unsupported(
          "a folder takes the files of one platform here: use type=tar, or build for one");
    }
    Built built = delivery.results().getFirst();
    built.unchanged().ifPresent(delivery.workspaces()::unpack);
    try (Workspaces.View view = delivery.workspaces().view(built.chainId());
        FolderSource files =
            new FolderSource(view.root(), FolderSource.Selection.ALL, FolderSource.Owners.ROOT)) {
      client.folder(files, number);
      delivery.progress().say("copying files");
    }
    return Map.of();
  }
}
