package dev.kemas.registry.server.watch;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Figures since the start, as Prometheus reads them (text format 0.0.4). Thread-safe. */
public final class Metrics {
  /** The content type of {@link #text}. */
  public static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final double[] BOUNDS = {0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60};

  private final Map<Kind, Figures> kinds = new ConcurrentHashMap<>();
  private final LongAdder underWay = new LongAdder();
  private final LongAdder collections = new LongAdder();
  private final LongAdder collectedBlobs = new LongAdder();
  private final LongAdder collectedBytes = new LongAdder();

  private record Kind(String method, String what, int status) {
    String labels() {
      return "method=\"" + method + "\",what=\"" + what + "\",status=\"" + status + "\"";
    }
  }

  private static final class Figures {
    private final LongAdder count = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final LongAdder[] buckets = new LongAdder[BOUNDS.length];

    Figures() {
      for (int i = 0; i < buckets.length; i++) {
        buckets[i] = new LongAdder();
      }
    }
  }

  /** Nothing was seen yet. */
  public Metrics() {}

  /** A request has come. */
  public void begins() {
    underWay.increment();
  }

  /** It was answered. */
  public void ends(Seen seen) {
    underWay.decrement();
    Figures figures =
        kinds.computeIfAbsent(
            new Kind(seen.method(), seen.what(), seen.status()), k -> new Figures());
    figures.count.increment();
    figures.nanos.add(seen.took().toNanos());
    figures.received.add(seen.received());
    figures.sent.add(seen.sent());
    double seconds = seen.took().toNanos() / 1e9;
    for (int i = 0; i < BOUNDS.length; i++) {
      if (seconds <= BOUNDS[i]) {
        figures.buckets[i].increment();
        break;
      }
    }
  }

  /** The garbage collector has run. */
  public void collected(long blobs, long bytes) {
    collections.increment();
    collectedBlobs.add(blobs);
    collectedBytes.add(bytes);
  }

  /** Everything, for a scrape. */
  public String text() {
    StringBuilder out = new StringBuilder();
    Map<String, Figures> sorted = new TreeMap<>();
    kinds.forEach((kind, figures) -> sorted.put(kind.labels(), figures));
    String prefix = "kemas_registry_";
    head(out, prefix + "requests_total", "counter", "Requests that were answered");
    sorted.forEach((labels, f) -> line(out, prefix + "requests_total", labels, f.count.sum()));
    head(out, prefix + "received_bytes_total", "counter", "Bytes of bodies of requests");
    sorted.forEach(
        (labels, f) -> line(out, prefix + "received_bytes_total", labels, f.received.sum()));
    head(out, prefix + "sent_bytes_total", "counter", "Bytes of bodies of answers");
    sorted.forEach((labels, f) -> line(out, prefix + "sent_bytes_total", labels, f.sent.sum()));
    head(out, prefix + "request_seconds", "histogram", "How long requests took");
    sorted.forEach((labels, f) -> histogram(out, prefix + "request_seconds", labels, f));
    head(out, prefix + "requests_under_way", "gauge", "Requests that are being answered");
    line(out, prefix + "requests_under_way", "", underWay.sum());
    head(out, prefix + "collections_total", "counter", "Runs of the garbage collector");
    line(out, prefix + "collections_total", "", collections.sum());
    head(out, prefix + "collected_blobs_total", "counter", "Blobs that it removed");
    line(out, prefix + "collected_blobs_total", "", collectedBlobs.sum());
    head(out, prefix + "collected_bytes_total", "counter", "Their bytes");
    line(out, prefix + "collected_bytes_total", "", collectedBytes.sum());
    Runtime runtime = Runtime.getRuntime();
    head(out, prefix + "heap_bytes", "gauge", "Memory in use on the heap");
    line(out, prefix + "heap_bytes", "", runtime.totalMemory() - runtime.freeMemory());
    return out.toString();
  }

  private static void histogram(StringBuilder out, String name, String labels, Figures figures) {
    long sum = 0;
    for (int i = 0; i < BOUNDS.length; i++) {
      sum += figures.buckets[i].sum();
      line(out, name + "_bucket", labels + ",le=\"" + number(BOUNDS[i]) + "\"", sum);
    }
    line(out, name + "_bucket", labels + ",le=\"+Inf\"", figures.count.sum());
    out.append(name).append("_sum{").append(labels).append("} ");
    out.append(number(Duration.ofNanos(figures.nanos.sum()).toNanos() / 1e9)).append('\n');
    line(out, name + "_count", labels, figures.count.sum());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%s", value);
  }

  private static void head(StringBuilder out, String name, String type, String help) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static void line(StringBuilder out, String name, String labels, long value) {
    out.append(name);
    if (!labels.isEmpty()) {
      out.append('{').append(labels).append('}');
    }
    out.append(' ').append(value).append('\n');
  }
}
