package dev.kemas.build.export;

import dev.kemas.build.Built;
import dev.kemas.build.Export;
import dev.kemas.build.Workspaces;
import dev.kemas.oci.Platform;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/**
 * The files of what a build made.
 *
 * @param name of the folder that they go to; empty for no folder of their own
 * @param path where they are mounted, to be read
 */
public record Rootfs(String name, Path path) {

  /**
   * Mounts the files of all results while something is done with them. Those of one platform go to
   * no folder of their own, those of several to {@code linux_amd64} and the like.
   */
  public static <T> T with(
      Export.Delivery delivery, boolean alwaysFolders, Function<List<Rootfs>, T> work) {
    Deque<Workspaces.View> views = new ArrayDeque<>();
    try {
      List<Rootfs> roots = new ArrayList<>();
      boolean folders = alwaysFolders || delivery.results().size() > 1;
      for (Built built : delivery.results()) {
        built.unchanged().ifPresent(delivery.workspaces()::unpack);
        Workspaces.View view = delivery.workspaces().view(built.chainId());
        views.push(view);
        roots.add(new Rootfs(folders ? folder(built.platform()) : "", view.root()));
      }
      return work.apply(roots);
    } finally {
      views.forEach(Workspaces.View::close);
    }
  }

  private static String folder(Platform platform) {
    return platform.toString().replace('/', '_');
  }
}
