package dev.kemas.guard;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What one instruction brings of each kind; it remembers the largest files only. */
final class Tally {
  private static final int SHOWN = 3;

  private record Item(String path, long bytes, FileKind kind) {}

  private static final class Sum {
    private long bytes;
    private int files;
    private final List<Item> largest = new ArrayList<>();
  }

  private final Map<FileKind, Sum> sums = new EnumMap<>(FileKind.class);

  void add(FileKind kind, String path, long bytes) {
    Sum sum = sums.computeIfAbsent(kind, k -> new Sum());
    sum.bytes += bytes;
    sum.files++;
    sum.largest.add(new Item(path, bytes, kind));
    sum.largest.sort(LARGEST_FIRST);
    if (sum.largest.size() > SHOWN) {
      sum.largest.removeLast();
    }
  }

  private static final Comparator<Item> LARGEST_FIRST =
      Comparator.comparingLong(Item::bytes).reversed().thenComparing(Item::path);

  /** What is enough to speak of. */
  record Verdict(int files, long bytes, String largest, String folder) {}

  /** The verdict of a group; its files count is 0 where nothing is worth a word. */
  Verdict of(FileKind.Group group) {
    Set<FileKind> loud = EnumSet.noneOf(FileKind.class);
    sums.forEach((kind, sum) -> {
      if (kind.group() == group && sum.bytes >= kind.threshold()) {
        loud.add(kind);
      }
    });
    int files = 0;
    long bytes = 0;
    List<Item> largest = new ArrayList<>();
    for (FileKind kind : loud) {
      Sum sum = Objects.requireNonNull(sums.get(kind));
      files += sum.files;
      bytes += sum.bytes;
      largest.addAll(sum.largest);
    }
    largest.sort(LARGEST_FIRST);
    List<Item> first = largest.subList(0, Math.min(SHOWN, largest.size()));
    String shown =
        String.join(
            ", ",
            first.stream()
                .map(i -> "%s (%s, %s)".formatted(i.path, Sizes.text(i.bytes), i.kind.shown()))
                .toList());
    String more = files > first.size() ? " and %d more".formatted(files - first.size()) : "";
    return new Verdict(files, bytes, shown + more, first.isEmpty() ? "" : folder(first.getFirst()));
  }

  /** The folder to mount instead: where the largest file lies. */
  private static String folder(Item item) {
    int slash = item.path.lastIndexOf('/');
    return slash <= 0 ? "" : item.path.substring(0, slash);
  }
}
