package dev.kemas.build;

import dev.kemas.build.plan.Operation;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Platform;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Cache keys. An operation's key is made of its description and of what its inputs turned out to be
 * (not of how they were made): a step is found again whenever the same is to be done to the same
 * files, and never when a step below it was done anew with another outcome.
 */
final class Keys {
  /** Part of each key; to be changed when an operation comes to mean something else. */
  private static final String VERSION = "kemas.build.1";

  private final String platform;

  Keys(Platform platform) {
    this.platform = platform.toString();
  }

  /**
   * The key of an operation.
   *
   * @param inputs chain ids of the inputs, empty ones for empty file systems
   * @param content a digest of what it takes from elsewhere; empty when that is nothing
   */
  Digest operation(Operation operation, List<Optional<Digest>> inputs, Optional<Digest> content) {
    StringBuilder text = new StringBuilder(VERSION).append('\n').append(platform).append('\n');
    for (Optional<Digest> input : inputs) {
      text.append(input.map(Digest::toString).orElse("-")).append('\n');
    }
    content.ifPresent(digest -> text.append("content ").append(digest).append('\n'));
    return digest(text.append(operation.describe()).toString());
  }

  /** The key of a step that changes only the configuration, after the step with that id. */
  Digest metadata(Digest before, String createdBy) {
    return digest(VERSION + "\nmetadata\n" + before + "\n" + createdBy);
  }

  /** Names a step by all that led to it. */
  Digest step(Digest before, Digest key) {
    return digest(VERSION + "\nstep\n" + before + "\n" + key);
  }

  /** Names the beginning of a stage. */
  Digest base(Optional<Digest> image) {
    return digest(VERSION + "\nbase\n" + image.map(Digest::toString).orElse("scratch"));
  }

  private static Digest digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
