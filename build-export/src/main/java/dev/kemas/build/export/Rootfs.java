package dev.kemas.build.export;

import dev.kemas.build.Attestor;
import dev.kemas.build.Built;
import dev.kemas.build.Export;
import dev.kemas.build.Workspaces;
import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.oci.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Files of what a build made, or those that tell of them.
 *
 * @param name of the folder that they go to; empty for no folder of their own
 * @param path where they are, to be read
 */
public record Rootfs(String name, Path path) {

  /**
   * Mounts the files of all results while something is done with them, each followed by a folder of
   * the statements about it where there are some. Those of one platform go to no folder of their
   * own, those of several to {@code linux_amd64} and the like, unless the options say otherwise.
   *
   * @throws Fault.InvalidArgument when files of several platforms would overwrite each other
   */
  public static <T> T with(
      Export.Delivery delivery,
      ExportOptions.Files options,
      Attestor attestor,
      Function<List<Rootfs>, T> work) {
    boolean several = delivery.results().size() > 1;
    boolean folders = options.split().orElse(several);
    Deque<AutoCloseable> held = new ArrayDeque<>();
    try {
      List<Rootfs> roots = new ArrayList<>();
      Map<String, Platform> seen = new HashMap<>();
      for (Built built : delivery.results()) {
        delivery.cancelled().check();
        built.unchanged().ifPresent(delivery.workspaces()::unpack);
        Workspaces.View view = delivery.workspaces().view(built.chainId());
        held.push(view);
        String name = folders ? folder(built.platform()) : "";
        roots.add(new Rootfs(name, view.root()));
        if (several && !folders) {
          requireDistinct(view.root(), built.platform(), seen);
        }
        List<Attestor.StatementFile> said =
            attestor.wants(false)
                ? attestor.files(built, delivery, TreeDigests.of(view.root()))
                : List.of();
        if (!said.isEmpty()) {
          Statements written = write(said, built, delivery, options, several && !folders);
          held.push(written);
          roots.add(new Rootfs(name, written.folder()));
        }
      }
      return work.apply(roots);
    } finally {
      held.forEach(Rootfs::close);
    }
  }

  private static void close(AutoCloseable one) {
    try {
      one.close();
    } catch (Fault e) {
      throw e;
    } catch (Exception e) {
      throw new Fault.Internal("what an export used cannot be given back: " + e, e);
    }
  }

  private static void requireDistinct(Path root, Platform platform, Map<String, Platform> seen) {
    TreeDigests.paths(
        root,
        path -> {
          Platform before = seen.putIfAbsent(path, platform);
          if (before != null && !before.equals(platform)) {
            throw new Fault.InvalidArgument(
                "cannot overwrite %s from %s with %s when split option is disabled"
                    .formatted(path, before, platform));
          }
        });
  }

  private static String folder(Platform platform) {
    return platform.toString().replace('/', '_');
  }

  /** A folder of statements, removed when it is closed. */
  private record Statements(Path folder) implements AutoCloseable {
    @Override
    public void close() {
      Path parent = folder.getParent();
      if (parent != null) {
        try (Directory scratch = Directory.open(parent)) {
          scratch.removeTree(String.valueOf(folder.getFileName()));
        }
      }
    }
  }

  private static Statements write(
      List<Attestor.StatementFile> said,
      Built built,
      Export.Delivery delivery,
      ExportOptions.Files options,
      boolean named) {
    Path scratch = delivery.origin().scratch();
    try {
      Files.createDirectories(scratch);
      Statements statements = new Statements(Files.createTempDirectory(scratch, "statements-"));
      FileTime time =
          FileTime.from(delivery.origin().request().epoch().orElse(delivery.origin().finished()));
      for (Attestor.StatementFile one : said) {
        String name = options.prefix() + one.name();
        int dot = name.lastIndexOf('.');
        Path file =
            statements
                .folder()
                .resolve(
                    named
                        ? name.substring(0, dot)
                            + '.'
                            + folder(built.platform())
                            + name.substring(dot)
                        : name);
        Files.write(file, one.statement());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.setLastModifiedTime(file, time);
      }
      return statements;
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot use %s: %s".formatted(scratch, e.getMessage()), e);
    }
  }
}
