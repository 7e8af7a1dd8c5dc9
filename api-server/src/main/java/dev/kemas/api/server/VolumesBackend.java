package dev.kemas.api.server;

import dev.kemas.api.Filters;
import dev.kemas.api.PruneReport;
import dev.kemas.api.VolumeRecord;
import dev.kemas.api.VolumeRequest;
import java.util.List;

/** What the endpoints about volumes need. */
public interface VolumesBackend {
  /** Those that match, by name. */
  List<VolumeRecord> list(Filters filters);

  /** Makes one, or finds the one of that name. */
  VolumeRecord create(VolumeRequest request);

  /** All about one. */
  VolumeRecord inspect(String name);

  /**
   * Takes one away with what is in it.
   *
   * @param force nothing happens when there is none
   */
  void remove(String name, boolean force);

  /** Removes those that no container refers to: the anonymous ones, or all. */
  PruneReport prune(Filters filters);
}
