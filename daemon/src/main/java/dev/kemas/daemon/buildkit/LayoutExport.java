package dev.kemas.daemon.buildkit;

import dev.kemas.archive.Limits;
import dev.kemas.archive.TarExtractor;
import dev.kemas.build.Attestor;
import dev.kemas.build.Export;
import dev.kemas.build.ImageReport;
import dev.kemas.build.export.ArchiveExport;
import dev.kemas.build.export.ExportOptions;
import dev.kemas.fault.Fault;
import dev.kemas.file.transfer.FolderSource;
import dev.kemas.image.ImageService;
import dev.kemas.linux.Directory;
import dev.kemas.session.ClientExports;
import dev.kemas.session.ClientStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** An image layout as a folder of the client. */
record LayoutExport(
    ExportOptions.Archive options,
    Attestor attestor,
    ImageService images,
    ClientExports client,
    ClientStore store,
    int number)
    implements Export {
  @Override
  public String title() {
    return "exporting to oci image format";
  }

  @Override
  public Map<String, String> deliver(Delivery delivery) {
    Path scratch = delivery.origin().scratch();
    try {
      Files.createDirectories(scratch);
      Path folder = Files.createTempDirectory(scratch, "layout-");
      try {
        return deliver(delivery, folder);
      } finally {
        try (Directory parent = Directory.open(scratch)) {
          parent.removeTree(String.valueOf(folder.getFileName()));
        }
      }
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot use %s: %s".formatted(scratch, e.getMessage()), e);
    }
  }

  private Map<String, String> deliver(Delivery delivery, Path folder) throws IOException {
    Path archive = folder.resolve("archive");
    Path layout = Files.createDirectory(folder.resolve("layout"));
    Map<String, String> told =
        new ArchiveExport(options, attestor, images, () -> Files.newOutputStream(archive))
            .deliver(delivery);
    try (InputStream in = Files.newInputStream(archive)) {
      new TarExtractor(TarExtractor.Options.context(Limits.none())).extract(in, layout, "");
    }
    Files.delete(archive);
    if (store.isOffered()) {
      fill(layout, told.getOrDefault(ImageReport.DIGEST, ""));
      return told;
    }
    try (FolderSource files =
        new FolderSource(layout, FolderSource.Selection.ALL, FolderSource.Owners.ROOT)) {
      client.folder(files, number);
    }
    return told;
  }

  /** The client writes the layout's list itself; what a document names is there before it. */
  private void fill(Path layout, String top) throws IOException {
    Path blobs = layout.resolve("blobs").resolve("sha256");
    List<Path> all;
    try (Stream<Path> found = Files.list(blobs)) {
      all = found.sorted(Comparator.comparing(blob -> top.endsWith(name(blob)))).toList();
    }
    for (Path blob : all) {
      try (InputStream in = Files.newInputStream(blob)) {
        store.write("sha256:" + name(blob), Files.size(blob), in);
      }
    }
  }

  private static String name(Path blob) {
    return String.valueOf(blob.getFileName());
  }
}
