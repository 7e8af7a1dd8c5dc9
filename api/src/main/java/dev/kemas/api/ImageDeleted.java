package dev.kemas.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.UpperCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Optional;

/** What became of a reference or an image: one of the two is there. */
@JsonNaming(UpperCamelCaseStrategy.class)
public record ImageDeleted(Optional<String> untagged, Optional<String> deleted) {
  /** A reference was taken away. */
  public static ImageDeleted untagged(String reference) {
    return new ImageDeleted(Optional.of(reference), Optional.empty());
  }

  /** An image or a layer was removed. */
  public static ImageDeleted deleted(String id) {
    return new ImageDeleted(Optional.empty(), Optional.of(id));
  }
}
