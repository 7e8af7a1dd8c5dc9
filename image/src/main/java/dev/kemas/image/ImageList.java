package dev.kemas.image;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Images to be recorded or written together.
 *
 * @param images one a platform, at least one; the order is that of the list
 * @param docker whether a list of them has the type of Docker's schema 2
 * @param annotations of a list of them
 * @param entry annotations of the descriptor that leads to a list of them
 */
public record ImageList(
    List<PlatformImage> images,
    boolean docker,
    SortedMap<String, String> annotations,
    SortedMap<String, String> entry) {
  public ImageList {
    images = List.copyOf(images);
    annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
    entry = Collections.unmodifiableSortedMap(new TreeMap<>(entry));
  }

  /** As it is usual. */
  public static ImageList of(List<PlatformImage> images) {
    return new ImageList(images, false, new TreeMap<>(), new TreeMap<>());
  }
}
