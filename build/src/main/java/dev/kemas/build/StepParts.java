package dev.kemas.build;

import dev.kemas.linux.Directory;
import dev.kemas.linux.MountTable;
import dev.kemas.linux.Mounter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/**
 * What steps take from besides file systems in layers.
 *
 * @param mounter mounts what is lent to a RUN
 * @param runs a folder of the builder's own for that; nothing in it outlives the process
 * @param caches the folders of {@code RUN --mount=type=cache}
 * @param devices the host's devices by their CDI names
 */
public record StepParts(Mounter mounter, Path runs, CacheMounts caches, CdiDevices devices) {

  /**
   * Opens them in the builder's folder: {@code runs/} and {@code caches/}. Removes what RUNs of a
   * process that is no more had mounted.
   */
  public static StepParts open(Path folder, Mounter mounter, Clock clock) {
    Path runs = folder.resolve("runs");
    try {
      Files.createDirectories(runs);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + runs, e);
    }
    for (MountTable.Entry mount : MountTable.read().beneath(runs)) {
      mounter.unmount(mount.target());
    }
    try (Directory directory = Directory.open(runs)) {
      directory.list().forEach(entry -> directory.removeTree(entry.name()));
    }
    return new StepParts(
        mounter, runs, CacheMounts.open(folder.resolve("caches"), clock), CdiDevices.ofHost());
  }
}
