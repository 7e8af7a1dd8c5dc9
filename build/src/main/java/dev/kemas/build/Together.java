package dev.kemas.build;

import dev.kemas.fault.Fault;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Work on several things at the same time. */
final class Together {
  private Together() {}

  /**
   * Does the work for all; the results are in the order of the things. When one fails the others
   * are cancelled.
   *
   * @throws RuntimeException the first that was thrown, but for those that only ended with it
   */
  static <T, R> List<R> all(List<T> things, Cancellation cancelled, Function<T, R> work) {
    if (things.size() == 1) {
      return List.of(work.apply(things.getFirst()));
    }
    List<Optional<R>> results =
        Collections.synchronizedList(
            new ArrayList<>(Collections.nCopies(things.size(), Optional.empty())));
    List<RuntimeException> failures = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < things.size(); i++) {
      int place = i;
      threads.add(
          Thread.startVirtualThread(() -> {
            try {
              results.set(place, Optional.of(work.apply(things.get(place))));
            } catch (RuntimeException e) {
              failures.add(e);
              cancelled.cancel("something else that this build needs failed");
            }
          }));
    }
    threads.forEach(cancelled::join);
    if (!failures.isEmpty()) {
      throw failures.stream()
          .filter(failure -> !(failure instanceof Fault.Cancelled))
          .findFirst()
          .orElse(failures.getFirst());
    }
    return results.stream().flatMap(Optional::stream).toList();
  }
}
