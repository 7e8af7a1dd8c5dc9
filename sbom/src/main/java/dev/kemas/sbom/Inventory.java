package dev.kemas.sbom;

import java.util.List;
import java.util.Optional;

/**
 * What a file system holds.
 *
 * @param distribution from its os-release file
 * @param components sorted, each package URL once
 * @param remarks what could not be read or is not what it should be, sorted by place: whoever reads
 *     an inventory must see what is not in it
 */
public record Inventory(
    Optional<Distribution> distribution, List<Component> components, List<Remark> remarks) {
  public Inventory {
    components = components.stream().sorted().toList();
    remarks = remarks.stream().distinct().sorted().toList();
  }

  /**
   * The distribution a file system was made of (os-release(5)).
   *
   * @param id {@code debian}
   * @param version {@code 13}; empty for a rolling one
   * @param title what people call it
   */
  public record Distribution(String id, String version, String title) {
    /** {@code debian-13}. */
    String qualifier() {
      return version.isEmpty() ? id : id + "-" + version;
    }
  }

  /**
   * Something that a reader of the inventory should know.
   *
   * @param place absolute path within the file system
   * @param text what is the matter there
   */
  public record Remark(String place, String text) implements Comparable<Remark> {
    @Override
    public int compareTo(Remark other) {
      int byPlace = place.compareTo(other.place);
      return byPlace == 0 ? text.compareTo(other.text) : byPlace;
    }
  }
}
