package dev.kemas.mount.travel;

import dev.kemas.fault.Fault;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Whether what a stranger's index says can be: paths that stay below the root and are each there
 * once, in a folder of the index; sizes that add up and stay within the limits. One use.
 */
final class IndexCheck {
  private static final Instant EARLIEST = Instant.ofEpochSecond(-(1L << 31));
  private static final Instant LATEST = Instant.ofEpochSecond(1L << 34);
  private static final int MOST_NAME = 255;

  private final MountIndex index;
  private final TravelLimits limits;
  private final Set<String> seen = new HashSet<>();
  private final Set<String> folders = new HashSet<>();
  private long bytes;
  private long pieces;

  private IndexCheck(MountIndex index, TravelLimits limits) {
    this.index = index;
    this.limits = limits;
  }

  static void check(MountIndex index, TravelLimits limits) {
    new IndexCheck(index, limits).run();
  }

  private void run() {
    if (index.entries().size() > TravelLimits.MOST_ENTRIES
        || index.chunks().size() > TravelLimits.MOST_PIECES) {
      throw new Fault.ResourceExhausted(
          "its index has %d entries and %d chunks, more than %d and %d"
              .formatted(
                  index.entries().size(),
                  index.chunks().size(),
                  TravelLimits.MOST_ENTRIES,
                  TravelLimits.MOST_PIECES));
    }
    long plain = 0;
    for (Chunk chunk : index.chunks()) {
      if (chunk.length() <= 0
          || chunk.length() > Cutter.MOST
          || chunk.size() <= 0
          || chunk.size() > Chunk.MOST_PACKED) {
        throw new Fault.DataLoss(
            "its chunk %s is of %d bytes, packed %d, which cannot be"
                .formatted(chunk.blob(), chunk.length(), chunk.size()));
      }
      plain += chunk.length();
      within(plain);
    }
    index.entries().forEach(this::entry);
  }

  private void within(long size) {
    if (size > limits.mostBytes()) {
      throw new Fault.ResourceExhausted(
          "it has more than the %d bytes that may travel: allow more with mounts-max="
              .formatted(limits.mostBytes()));
    }
  }

  private void entry(Entry entry) {
    path(entry.path());
    switch (entry) {
      case Entry.Folder folder -> {
        permissions(folder.path(), folder.permissions(), 03777);
        folders.add(folder.path());
      }
      case Entry.Link link -> link(link);
      case Entry.RegularFile file -> file(file);
    }
  }

  private static Fault.DataLoss impossible(String path, String what) {
    return new Fault.DataLoss("its index has \"%s\" %s, which cannot be".formatted(path, what));
  }

  private void path(String path) {
    if (path.length() > TravelLimits.MOST_PATH || path.indexOf('\0') >= 0 || !isText(path)) {
      throw impossible(path.substring(0, Math.min(80, path.length())), "as a path");
    }
    String[] names = path.split("/", -1);
    for (String name : names) {
      if (name.isEmpty()
          || name.equals(".")
          || name.equals("..")
          || name.getBytes(StandardCharsets.UTF_8).length > MOST_NAME) {
        throw impossible(path, "as a path");
      }
    }
    int slash = path.lastIndexOf('/');
    if (names.length > TravelLimits.MOST_DEPTH
        || (slash >= 0 && !folders.contains(path.substring(0, slash)))) {
      throw impossible(path, "in no folder of its own");
    }
    if (!seen.add(path)) {
      throw impossible(path, "twice");
    }
  }

  /** Whether it has no half of a pair of surrogates, as names that are no UTF-8 are kept. */
  static boolean isText(String text) {
    try {
      StandardCharsets.UTF_8.newEncoder().encode(java.nio.CharBuffer.wrap(text));
      return true;
    } catch (CharacterCodingException e) {
      // that is the question
      return false;
    }
  }

  /** Whether a link may say so. Where it leads does not matter: nobody here follows it. */
  static boolean isTarget(String target) {
    return !target.isEmpty()
        && target.length() <= TravelLimits.MOST_PATH
        && target.indexOf('\0') < 0
        && isText(target);
  }

  /** A file's time, or the nearest that may travel. */
  static Instant clamped(Instant time) {
    return time.isBefore(EARLIEST) ? EARLIEST : time.isAfter(LATEST) ? LATEST : time;
  }

  private static void permissions(String path, int permissions, int allowed) {
    if ((permissions & ~allowed) != 0) {
      throw impossible(path, "with the mode %o".formatted(permissions));
    }
  }

  private static void link(Entry.Link link) {
    if (!isTarget(link.target())) {
      throw impossible(link.path(), "as a link");
    }
  }

  private void file(Entry.RegularFile file) {
    permissions(file.path(), file.permissions(), 0777);
    if (file.modified().isBefore(EARLIEST) || file.modified().isAfter(LATEST)) {
      throw impossible(file.path(), "of " + file.modified());
    }
    long size = 0;
    for (Entry.Piece piece : file.pieces()) {
      boolean known = piece.chunk() >= 0 && piece.chunk() < index.chunks().size();
      if (!known
          || piece.offset() < 0
          || piece.length() <= 0
          || (long) piece.offset() + piece.length() > index.chunks().get(piece.chunk()).length()) {
        throw impossible(file.path(), "of a piece that is in no chunk");
      }
      size += piece.length();
    }
    pieces += file.pieces().size();
    bytes += size;
    within(bytes);
    if (size != file.size() || pieces > TravelLimits.MOST_PIECES) {
      throw impossible(file.path(), "with %d bytes of %d".formatted(size, file.size()));
    }
    long attributes = 0;
    for (Map.Entry<String, byte[]> attribute : file.attributes().entrySet()) {
      attributes += attribute.getKey().length() + (long) attribute.getValue().length;
      if (!travels(attribute.getKey()) || attributes > TravelLimits.MOST_XATTRS) {
        throw impossible(file.path(), "with the attribute " + attribute.getKey());
      }
    }
  }

  /** Whether an extended attribute travels: what gives rights (security, trusted) does not. */
  static boolean travels(String attribute) {
    return attribute.startsWith("user.") && attribute.indexOf('\0') < 0 && isText(attribute);
  }
}
