package dev.kemas.dockerfile;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * One {@code --mount} of a RUN, read whole: variables are expanded, defaults filled in, targets
 * absolute (Dockerfile reference, "RUN --mount").
 */
public sealed interface Mount {

  /** Whether several builds may use a cache at the same time. */
  enum Sharing {
    /** All at once. */
    SHARED,
    /** Each has one of its own; a second one is made when the first is in use. */
    PRIVATE,
    /** One after the other. */
    LOCKED
  }

  /** The stage, named context or image that {@link #source} is in; the build's context if empty. */
  default Optional<String> from() {
    return Optional.empty();
  }

  /** A path below the root of what {@link #from} names: absolute and clean, {@code /} for all. */
  default String source() {
    return "/";
  }

  /**
   * A part of a stage, an image or a context.
   *
   * @param target absolute
   * @param readOnly when not, what is written is dropped after the RUN
   */
  record Bind(String target, Optional<String> from, String source, boolean readOnly)
      implements Mount {}

  /**
   * A folder that lasts from build to build and is in no layer.
   *
   * @param id what tells it from others; the target as written where the author gives none
   * @param target absolute
   * @param from what a new cache begins with; empty for an empty folder
   * @param mode permission bits of the folder, as {@code uid} and {@code gid} for a new cache
   */
  record Cache(
      String id,
      String target,
      Sharing sharing,
      Optional<String> from,
      String source,
      boolean readOnly,
      int uid,
      int gid,
      int mode)
      implements Mount {}

  /**
   * Memory.
   *
   * @param target absolute
   * @param size at most so many bytes; empty for the kernel's limit
   */
  record Tmpfs(String target, OptionalLong size, boolean readOnly) implements Mount {}

  /**
   * A secret of the client's, as a file, as a variable or as both.
   *
   * @param id what the client calls it
   * @param target the file, absolute; empty when there is none
   * @param env the variable; empty when there is none
   * @param required whether the RUN fails without it; otherwise it is left out
   */
  record Secret(
      String id,
      Optional<String> target,
      Optional<String> env,
      boolean required,
      int uid,
      int gid,
      int mode)
      implements Mount {}

  /**
   * An SSH agent of the client's, as a socket that {@code SSH_AUTH_SOCK} names.
   *
   * @param id what the client calls it, {@code default} where the author gives none
   * @param target the socket, absolute; empty for {@code /run/buildkit/ssh_agent.N}
   * @param required whether the RUN fails without it
   */
  record Ssh(String id, Optional<String> target, boolean required, int uid, int gid, int mode)
      implements Mount {}
}
