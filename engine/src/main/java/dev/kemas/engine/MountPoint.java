package dev.kemas.engine;

import java.util.List;

/**
 * Something mounted into a container, as it was decided when the container was made.
 *
 * @param kind what it is
 * @param name a volume's name; else empty
 * @param source path on the host; empty for tmpfs
 * @param destination absolute path in the container
 * @param driver a volume's driver; else empty
 * @param mode the options as they were typed, e.g. {@code ro,z}
 * @param writable whether the container may write
 * @param propagation as in mount_namespaces(7), e.g. {@code rprivate}; empty for volumes
 * @param anonymous whether the volume was made for this container alone and goes with it
 * @param fill whether an empty volume gets the image's content of that path
 * @param options of the file system, for tmpfs: {@code size=1m}, {@code noexec}, ...
 */
public record MountPoint(
    Kind kind,
    String name,
    String source,
    String destination,
    String driver,
    String mode,
    boolean writable,
    String propagation,
    boolean anonymous,
    boolean fill,
    List<String> options) {
  public MountPoint {
    options = List.copyOf(options);
  }

  /** What is mounted. */
  public enum Kind {
    /** A folder or file of the host. */
    BIND,
    /** A volume. */
    VOLUME,
    /** A file system in memory. */
    TMPFS;

    /** The API's word. */
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
