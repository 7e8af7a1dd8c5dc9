package dev.kemas.dockerfile;

import java.util.List;

/**
 * What a target can be given: the answer to {@code docker build --call=outline}.
 *
 * @param name of the target stage; empty when it has none
 * @param description what the comment above its FROM says, empty when nothing
 * @param source the Dockerfile's text, which the ranges are about
 */
public record Outline(
    String name,
    String description,
    List<Arg> args,
    List<Secret> secrets,
    List<Ssh> ssh,
    List<CacheMount> cache,
    String source) {
  public Outline {
    args = List.copyOf(args);
    secrets = List.copyOf(secrets);
    ssh = List.copyOf(ssh);
    cache = List.copyOf(cache);
  }

  /**
   * A build argument.
   *
   * @param value what it is without being given, or as given; empty when it has none
   */
  public record Arg(String name, String description, String value, SourceRange range) {}

  /** A secret that a RUN mounts. */
  public record Secret(String name, boolean required, SourceRange range) {}

  /** An SSH agent that a RUN mounts. */
  public record Ssh(String name, boolean required, SourceRange range) {}

  /** A cache that a RUN mounts. */
  public record CacheMount(String id, SourceRange range) {}
}
