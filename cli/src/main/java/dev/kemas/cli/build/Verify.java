package dev.kemas.cli.build;

import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import dev.kemas.cli.command.Exit;
import dev.kemas.cli.command.Session;
import dev.kemas.flag.Flags;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * {@code kemas build --verify}: builds twice without cache, names every file of the two images that
 * differs, and says why it likely does. Works with any engine, as it reads both images back.
 */
final class Verify {
  private static final int MOST = 200;

  private final StringBuilder out = new StringBuilder();
  private final boolean timed;
  private int differing;

  private Verify(boolean timed) {
    this.timed = timed;
  }

  /** Gives the exit status: 0 when both are the same. */
  static int run(Session session, Flags flags) {
    if (flags.arguments().getFirst().equals("-") || flags.text("file").equals("-")) {
      throw new Exit(
          1, "--verify builds twice, and standard input can be read once: write it into a file");
    }
    if (!Lending.of(session, flags).lent().isEmpty()) {
      throw new Exit(
          1,
          "--verify compares images: it works without --secret, --ssh, -o, --on-error and folders by"
              + " name");
    }
    // the first keeps the name given; without one, the names are only for as long as this lasts
    List<String> tags = flags.all("tag");
    String first = build(session, flags, tags);
    session.console().line("first build:  " + first);
    session.console().flush();
    String second = build(session, flags, List.of());
    session.console().line("second build: " + second);
    session.console().flush();
    if (first.equals(second)) {
      session.console().line("Both builds made the same image.");
      return 0;
    }
    Verify verify = new Verify(!flags.text("source-date-epoch").isEmpty());
    verify.compare(ImageFiles.of(session, first), ImageFiles.of(session, second));
    session.done(Request.delete("/images/" + Request.encode(second)));
    session.console().print(verify.out.toString());
    return 1;
  }

  private static String build(Session session, Flags flags, List<String> tags) {
    Source source = Build.source(session, flags);
    Request request =
        source.into(
            new BuildQuery(session, flags, source, Lending.of(session, flags)).request(tags, true));
    Outcome outcome = new Outcome();
    Build.send(session, request, Build.Shown.NOTHING, false, Optional.empty(), outcome);
    if (outcome.id().isEmpty()) {
      throw new Exit(1, "the engine did not say the id of the image, so there is none to compare");
    }
    return outcome.id();
  }

  private void compare(ImageFiles one, ImageFiles two) {
    List<String> makers = makers(one.config());
    int layers = Math.max(one.layers().size(), two.layers().size());
    for (int i = 0; i < layers; i++) {
      SortedMap<String, ImageFiles.Facts> a =
          i < one.layers().size() ? one.layers().get(i) : new TreeMap<>();
      SortedMap<String, ImageFiles.Facts> b =
          i < two.layers().size() ? two.layers().get(i) : new TreeMap<>();
      if (!a.equals(b)) {
        out.append("\nLayer ").append(i + 1);
        out.append(i < makers.size() ? ", " + makers.get(i) : "").append('\n');
        layer(a, b);
      }
    }
    config(one.config(), two.config());
    out.append('\n').append(differing);
    out.append(differing == 1 ? " difference" : " differences")
        .append(" between the two builds.\n");
    if (!timed) {
      out.append(
          "Times differ unless they are given: add --source-date-epoch newest, or a number.\n");
    }
  }

  private void layer(SortedMap<String, ImageFiles.Facts> a, SortedMap<String, ImageFiles.Facts> b) {
    Set<String> names = new TreeSet<>(a.keySet());
    names.addAll(b.keySet());
    for (String name : names) {
      ImageFiles.Facts x = a.get(name);
      ImageFiles.Facts y = b.get(name);
      if (Objects.equals(x, y)) {
        continue;
      }
      differing++;
      if (differing > MOST) {
        continue;
      }
      out.append("  ").append(name).append('\n');
      if (x == null || y == null) {
        out.append("      only in the ").append(x == null ? "second" : "first").append(" build\n");
      } else {
        facts(x, y);
        out.append("      likely: ").append(reason(name, x, y)).append('\n');
      }
    }
    if (differing > MOST) {
      out.append("  ... and more\n");
    }
  }

  private void facts(ImageFiles.Facts x, ImageFiles.Facts y) {
    if (!x.digest().equals(y.digest())) {
      pair("content", shortened(x.digest()), shortened(y.digest()));
    }
    if (x.size() != y.size()) {
      pair("size", x.size() + " B", y.size() + " B");
    }
    if (!x.mtime().equals(y.mtime())) {
      pair("time", time(x.mtime()), time(y.mtime()));
    }
    if (x.mode() != y.mode() || x.type() != y.type()) {
      pair(
          "mode", x.type() + Long.toOctalString(x.mode()), y.type() + Long.toOctalString(y.mode()));
    }
    if (x.uid() != y.uid() || x.gid() != y.gid()) {
      pair("owner", x.uid() + ":" + x.gid(), y.uid() + ":" + y.gid());
    }
  }

  private void pair(String what, String first, String second) {
    out.append("      %-8s %s  %s%n".formatted(what, first, second));
  }

  private static String shortened(String digest) {
    return digest.length() == 64 ? digest.substring(0, 12) : digest;
  }

  private static String time(String seconds) {
    int point = seconds.indexOf('.');
    String whole = point < 0 ? seconds : seconds.substring(0, point);
    String rest = point < 0 ? "" : seconds.substring(point);
    return Instant.ofEpochSecond(Long.parseLong(whole)).toString().replace("Z", rest + "Z");
  }

  private String reason(String name, ImageFiles.Facts x, ImageFiles.Facts y) {
    if (x.digest().equals(y.digest())) {
      return x.mtime().equals(y.mtime())
          ? "mode or owner are set from something that differs between runs"
          : "only the time at which the step ran"
              + (timed ? ", which the engine did not clamp" : "; --source-date-epoch clamps it");
    }
    if (name.endsWith(".pyc")) {
      return "Python writes the source's time into compiled files; set"
          + " PYTHONDONTWRITEBYTECODE=1, or compile with --invalidation-mode unchecked-hash";
    }
    if (name.startsWith("/var/log/") || name.endsWith(".log")) {
      return "a log with times in it; remove it in the same RUN";
    }
    if (name.startsWith("/var/lib/apt/") || name.startsWith("/var/cache/")) {
      return "a package manager's lists or caches; remove them in the same RUN, or mount a cache"
          + " there";
    }
    if (name.endsWith(".jar") || name.endsWith(".zip") || name.endsWith(".whl")) {
      return "an archive keeps the times and the order of its members";
    }
    if (name.endsWith(".gz") || name.endsWith(".tgz")) {
      return "gzip keeps the time of packing; use gzip -n";
    }
    return x.size() == y.size()
        ? "the step writes a time, a random value, a host name or an address of memory"
        : "the step's result depends on what it downloads, on the order of files, or on time";
  }

  private void config(Json one, Json two) {
    List<String> names = new ArrayList<>(new TreeSet<>(one.fields().keySet()));
    boolean told = false;
    for (String name : names) {
      // the layers were told of file by file
      if (name.equals("rootfs") || one.get(name).write().equals(two.get(name).write())) {
        continue;
      }
      if (!told) {
        out.append("\nConfiguration\n");
        told = true;
      }
      differing++;
      boolean brief = one.get(name).text().length() > 0;
      out.append("  ").append(name);
      out.append(brief ? "  " + one.text(name) + "  " + two.text(name) + "\n" : "\n");
    }
  }

  /** The instructions of the layers, from the lowest on. */
  private static List<String> makers(Json config) {
    List<String> makers = new ArrayList<>();
    for (Json line : config.get("history").items()) {
      if (!line.get("empty_layer").isTrue()) {
        makers.add(line.text("created_by"));
      }
    }
    return makers;
  }
}
