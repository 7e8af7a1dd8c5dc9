package dev.kemas.cli.stream;

import dev.kemas.text.Human;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What of all items has come or gone: bytes, bytes in all, the rate of the last seconds and the
 * time left. An item counts as done when it goes on to something else.
 */
final class Throughput {
  /** The rate is that of so long: longer than a pause between two blobs, shorter than patience. */
  private static final long WINDOW = 5_000_000_000L;

  /** Before that a rate says nothing. */
  private static final long SETTLED = 500_000_000L;

  /** An item; {@code total} is 0 where it is not known. */
  private record Item(long done, long total) {}

  private record Sample(long at, long bytes) {}

  private final Map<String, Item> items = new LinkedHashMap<>();
  private final Deque<Sample> samples = new ArrayDeque<>();
  private String verb = "";
  private long began = -1;
  private long latest;

  /** Forgets everything. */
  void clear() {
    items.clear();
    samples.clear();
    verb = "";
    began = -1;
  }

  /** Takes a message in: what an item does, how far it is. */
  void take(String id, String status, long current, long total, long expected, long now) {
    String moved = verb(status);
    Item known = items.get(id);
    if (!moved.isEmpty()) {
      verb = moved;
      if (began < 0) {
        began = now;
      }
      items.put(id, new Item(current, Math.max(total, known == null ? 0 : known.total())));
    } else if (expected > 0 || unmoved(status)) {
      items.putIfAbsent(id, new Item(0, expected));
    } else if (known != null) {
      // what is there already, or was mounted, was never to be moved
      if (known.done() == 0 && !status.equals("Download complete") && !status.equals("Pushed")) {
        if (skipped(status)) {
          items.remove(id);
        }
        return;
      }
      if (!status.equals("Waiting")) {
        items.put(id, new Item(known.total(), known.total()));
      }
    }
    sample(now);
  }

  private static String verb(String status) {
    return switch (status) {
      case "Downloading" -> "Downloaded";
      case "Pushing" -> "Pushed";
      case "Loading layer" -> "Loaded";
      default -> "";
    };
  }

  private static boolean unmoved(String status) {
    return status.equals("Pulling fs layer") || status.equals("Preparing");
  }

  private static boolean skipped(String status) {
    return status.equals("Already exists")
        || status.equals("Layer already exists")
        || status.equals("Skipped foreign layer")
        || status.startsWith("Mounted from");
  }

  private void sample(long now) {
    latest = now;
    if (began < 0) {
      return;
    }
    samples.add(new Sample(now, done()));
    while (samples.size() > 2 && now - samples.element().at() > WINDOW) {
      samples.remove();
    }
  }

  private long done() {
    return items.values().stream().mapToLong(Item::done).sum();
  }

  private long total() {
    return items.values().stream().mapToLong(i -> Math.max(i.done(), i.total())).sum();
  }

  /** Whether there is anything to say. */
  boolean isEmpty() {
    return began < 0;
  }

  /** {@code 12.3MB/45MB 4.1MB/s 8s left}. */
  String summary() {
    long done = done();
    long total = total();
    boolean known = items.values().stream().allMatch(i -> i.total() > 0);
    StringBuilder text = new StringBuilder("Total: ").append(Human.shortSize(done));
    text.append('/').append(Human.shortSize(total)).append(known ? "" : "+");
    double rate = rate();
    if (rate > 0 && done < total) {
      text.append("  ").append(Human.shortSize((long) rate)).append("/s");
      if (known) {
        text.append("  ").append(time((long) Math.ceil((total - done) / rate))).append(" left");
      }
    }
    return text.toString();
  }

  private double rate() {
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    long span = last.at() - first.at();
    return span < SETTLED ? 0 : (last.bytes() - first.bytes()) * 1e9 / span;
  }

  /** {@code Downloaded 45MB in 12s (3.8MB/s)}. */
  String result() {
    long nanos = Math.max(1, latest - began);
    String text = verb + " " + Human.shortSize(done());
    return nanos < SETTLED
        ? text
        : text
            + " in "
            + time(Math.max(1, Math.round(nanos / 1e9)))
            + " ("
            + Human.shortSize((long) (done() * 1e9 / nanos))
            + "/s)";
  }

  private static String time(long seconds) {
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3600) {
      return seconds / 60 + "m" + two(seconds % 60) + "s";
    }
    return seconds / 3600 + "h" + two(seconds / 60 % 60) + "m";
  }

  private static String two(long number) {
    return number < 10 ? "0" + number : Long.toString(number);
  }
}
