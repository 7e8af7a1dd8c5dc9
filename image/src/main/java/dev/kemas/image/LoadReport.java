package dev.kemas.image;

import java.util.List;

/**
 * What an archive held.
 *
 * @param images in the archive's order, each with the names it now has
 */
public record LoadReport(List<Image> images) {
  public LoadReport {
    images = List.copyOf(images);
  }
}
