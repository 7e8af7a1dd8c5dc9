package dev.kemas.volume;

import java.util.List;

/** Who uses a volume; answered by the owner of the containers, from its records, at once. */
@FunctionalInterface
public interface VolumeUse {
  /** The ids of all containers, running or not, that have this volume among their mounts. */
  List<String> usersOf(String volume);
}
