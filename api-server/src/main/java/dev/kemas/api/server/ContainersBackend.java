package dev.kemas.api.server;

import dev.kemas.api.ContainerCreated;
import dev.kemas.api.ContainerInspect;
import dev.kemas.api.ContainerSummary;
import dev.kemas.api.FilesystemChange;
import dev.kemas.api.Filters;
import dev.kemas.api.PruneReport;
import dev.kemas.api.TopResult;
import dev.kemas.api.UpdateRequest;
import dev.kemas.api.Warnings;
import dev.kemas.container.CreateRequest;
import dev.kemas.oci.Platform;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What the endpoints about containers as objects need; a container is meant by name or id. */
public interface ContainersBackend {
  /**
   * Which containers, and how much of them.
   *
   * @param all the ended ones too
   * @param limit only so many of the latest, the ended ones too
   * @param size with the bytes of their file systems
   */
  record ListQuery(boolean all, OptionalInt limit, boolean size, Filters filters) {}

  /**
   * How a container is removed.
   *
   * @param volumes its anonymous volumes too
   * @param force killed first if it runs
   */
  record Removal(boolean volumes, boolean force) {}

  /** Those that match, the latest first. */
  List<ContainerSummary> list(ListQuery query);

  /** Makes one; an absent name is made up. */
  ContainerCreated create(
      Optional<String> name, Optional<Platform> platform, CreateRequest request);

  /** All about one. */
  ContainerInspect inspect(String container, boolean size);

  /** Takes one away. */
  void remove(String container, Removal how);

  /** Gives one another name. */
  void rename(String container, String name);

  /** Changes limits and restart policy. */
  Warnings update(String container, UpdateRequest request);

  /** Its processes; the arguments are those of ps(1). */
  TopResult top(String container, String arguments);

  /** What it changed in its file system. */
  List<FilesystemChange> changes(String container);

  /** Removes those that do not run. */
  PruneReport prune(Filters filters);
}
