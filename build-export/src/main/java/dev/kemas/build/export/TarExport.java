package dev.kemas.build.export;

import dev.kemas.archive.TreePacker;
import dev.kemas.build.Attestor;
import dev.kemas.build.Export;
import java.util.List;
import java.util.Map;

/** {@link Export} of the files alone, as one tar archive. */
public final class TarExport implements Export {
  private final ExportOptions.Files options;
  private final Attestor attestor;
  private final Destination to;

  /**
   * An archive of the files.
   *
   * @param attestor says what is laid beside them
   */
  public TarExport(ExportOptions.Files options, Attestor attestor, Destination to) {
    this.options = options;
    this.attestor = attestor;
    this.to = to;
  }

  @Override
  public String title() {
    return "exporting to client tarball";
  }

  @Override
  public Map<String, String> deliver(Delivery delivery) {
    TreePacker packer = new TreePacker(TreePacker.Options.exact());
    return Rootfs.with(
        delivery,
        options,
        attestor,
        roots -> {
          List<TreePacker.Part> parts =
              roots.stream().map(root -> new TreePacker.Part(root.path(), root.name())).toList();
          Streams.write("the archive", to, out -> packer.pack(parts, out));
          delivery.progress().say("sending tarball");
          return Map.of();
        });
  }
}
