package dev.kemas.build;

import dev.kemas.oci.Digest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the rules had to say of builds that did the same: looking at all files of a context again
 * costs more than all the rest of a build that finds every step. Lives in memory. Safe for several
 * threads.
 */
final class SeenFindings {
  private static final int MOST = 256;

  private final Map<Digest, List<BuildEvent>> seen =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, List<BuildEvent>> eldest) {
          return size() > MOST;
        }
      };

  /**
   * The findings of a build.
   *
   * @param key of all that the rules look at
   * @param known whether every step was known, so that nothing can have come in unseen
   */
  List<BuildEvent> of(Digest key, boolean known, Supplier<List<BuildEvent>> look) {
    if (known) {
      synchronized (this) {
        List<BuildEvent> before = seen.get(key);
        if (before != null) {
          return before;
        }
      }
    }
    List<BuildEvent> found = List.copyOf(look.get());
    // what could not be looked at may be there the next time
    if (found.stream().noneMatch(BuildEvent.Warning.class::isInstance)) {
      synchronized (this) {
        seen.put(key, found);
      }
    }
    return found;
  }
}
