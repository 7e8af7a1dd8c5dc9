package dev.kemas.daemon.buildkit;

import dev.kemas.build.Attestor;
import dev.kemas.build.Export;
import dev.kemas.build.export.ExportOptions;
import dev.kemas.build.export.Rootfs;
import dev.kemas.file.transfer.FileSource;
import dev.kemas.file.transfer.FolderSource;
import dev.kemas.file.transfer.Placed;
import dev.kemas.session.ClientExports;
import java.util.Map;

/** The result's files, sent into a folder of the client. */
record FolderExport(
    ExportOptions.Files options, Attestor attestor, ClientExports client, int number)
    implements Export {
  @Override
  public String title() {
    return "exporting to client directory";
  }

  @Override
  public Map<String, String> deliver(Delivery delivery) {
    return Rootfs.with(
        delivery,
        options,
        attestor,
        roots -> {
          for (Rootfs root : roots) {
            delivery.cancelled().check();
            try (FolderSource files =
                new FolderSource(
                    root.path(), FolderSource.Selection.ALL, FolderSource.Owners.ROOT)) {
              FileSource placed =
                  root.name().isEmpty()
                      ? files
                      : new Placed(
                          files,
                          root.name(),
                          delivery.origin().request().epoch().orElse(delivery.origin().finished()));
              client.folder(placed, number);
            }
          }
          delivery.progress().say("copying files");
          return Map.of();
        });
  }
}
