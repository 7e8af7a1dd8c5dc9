package dev.kemas.volume;

/** Hears what happens to volumes, in the thread that did it. */
@FunctionalInterface
public interface VolumeListener {
  /** A volume came or went; the action is Docker's word, {@code create} or {@code destroy}. */
  void happened(String action, Volume volume);
}
