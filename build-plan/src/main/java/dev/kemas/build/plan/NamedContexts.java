package dev.kemas.build.plan;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Reference;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The further contexts of a build. One of them stands for a stage or an image of its name; an image
 * has several: {@code alpine} is {@code docker.io/library/alpine:latest}, too.
 */
final class NamedContexts {
  private final Map<String, Optional<String>> contexts;

  NamedContexts(Map<String, Optional<String>> contexts) {
    this.contexts = contexts;
  }

  /** The name, as it was given, of the context that is meant by this name. */
  Optional<String> find(String name) {
    if (contexts.isEmpty()) {
      return Optional.empty();
    }
    String lower = name.toLowerCase(Locale.ROOT);
    if (contexts.containsKey(lower)) {
      return Optional.of(lower);
    }
    return names(lower).stream().filter(contexts::containsKey).findFirst();
  }

  private static List<String> names(String name) {
    try {
      Reference reference = Reference.parse(name).withDefaultTag();
      String familiar = reference.familiar();
      return List.of(
          familiar, familiar.replaceFirst(":latest$", ""), reference.toString(), reference.name());
    } catch (Fault.InvalidArgument e) {
      return List.of(); // no image has such a name, so it has no other one
    }
  }

  /** Whether the context is files. */
  boolean isFiles(String context) {
    return target(context).isEmpty();
  }

  /** The image that the context is. */
  String image(String context) {
    return target(context)
        .orElseThrow(() -> new Fault.Internal("context " + context + " is no image"));
  }

  private Optional<String> target(String context) {
    return contexts.getOrDefault(context, Optional.empty());
  }
}
