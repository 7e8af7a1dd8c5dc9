package dev.kemas.build.cache;

import java.util.List;
import java.util.Set;

/** One kind of what builds keep for later. Called from several threads at once. */
public interface CacheShelf {

  /** All that stands here, in no order. May read the disk for sizes. */
  List<CacheRecord> records();

  /**
   * Takes things away. What came into use meanwhile stays, what is gone is passed over.
   *
   * @param ids of {@link #records}; those of other shelves are passed over
   */
  void drop(Set<String> ids);
}
