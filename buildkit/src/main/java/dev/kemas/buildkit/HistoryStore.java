package dev.kemas.buildkit;

import com.google.protobuf.Timestamp;
import dev.kemas.buildkit.wire.Control;
import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records of ended builds, for the next process, too. Safe for several threads.
 *
 * <p>On disk: for each build a folder named after the SHA-256 of its reference, with {@code record}
 * (a {@code BuildHistoryRecord}) and {@code blobs/<sha256>} with what the record names: what was
 * told while it ran, why steps ran, how it was built, the error. A folder appears whole, by a
 * rename; what ends in {@code .new} is of no worth. A power failure may take the last ones.
 */
public final class HistoryStore {
  private static final Logger LOG = LoggerFactory.getLogger(HistoryStore.class);
  private static final String NEW = ".new";

  private final Path folder;
  private final HistoryLimits limits;
  private final Clock clock;

  /** By reference, oldest first. */
  private final Map<String, Kept> kept = new LinkedHashMap<>();

  private record Kept(Control.BuildHistoryRecord record, long bytes) {}

  private HistoryStore(Path folder, HistoryLimits limits, Clock clock) {
    this.folder = folder;
    this.limits = limits;
    this.clock = clock;
  }

  /**
   * The records in a folder of their own. A record that cannot be read is left out and told to the
   * log.
   */
  public static HistoryStore open(Path folder, HistoryLimits limits, Clock clock) {
    HistoryStore store = new HistoryStore(folder, limits, clock);
    try {
      Files.createDirectories(folder);
      List<Kept> found = new ArrayList<>();
      for (Path build : list(folder)) {
        String name = String.valueOf(build.getFileName());
        if (name.endsWith(NEW)) {
          store.delete(name);
        } else {
          store.read(build).ifPresent(found::add);
        }
      }
      found.sort(Comparator.comparing(one -> created(one.record())));
      found.forEach(one -> store.kept.put(one.record().getRef(), one));
    } catch (IOException e) {
      throw failure(folder, e);
    }
    store.prune();
    return store;
  }

  private static Instant created(Control.BuildHistoryRecord record) {
    Timestamp at = record.getCreatedAt();
    return Instant.ofEpochSecond(at.getSeconds(), at.getNanos());
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private Optional<Kept> read(Path build) {
    try {
      byte[] bytes = Files.readAllBytes(build.resolve("record"));
      long size = bytes.length;
      for (Path blob : list(build.resolve("blobs"))) {
        size += Files.size(blob);
      }
      return Optional.of(new Kept(Control.BuildHistoryRecord.parseFrom(bytes), size));
    } catch (IOException e) {
      LOG.warn("the record of a build in {} cannot be read: {}", build, e.getMessage());
      return Optional.empty();
    }
  }

  private static Fault.Unavailable failure(Path path, IOException cause) {
    return new Fault.Unavailable("cannot use %s: %s".formatted(path, cause.getMessage()), cause);
  }

  private static String name(String ref) {
    return Digest.of(ref.getBytes(StandardCharsets.UTF_8)).hex();
  }

  /**
   * Keeps a record; old ones go for it.
   *
   * @param blobs what it names, by digest
   * @return the records that went
   * @throws Fault.Unavailable when it cannot be written; nothing of it stays then
   */
  synchronized List<Control.BuildHistoryRecord> add(
      Control.BuildHistoryRecord record, Map<Digest, byte[]> blobs) {
    String name = name(record.getRef());
    Path fresh = folder.resolve(name + NEW);
    try {
      delete(name + NEW);
      Path content = Files.createDirectories(fresh.resolve("blobs"));
      long size = record.getSerializedSize();
      for (Map.Entry<Digest, byte[]> blob : blobs.entrySet()) {
        Files.write(content.resolve(blob.getKey().hex()), blob.getValue());
        size += blob.getValue().length;
      }
      Files.write(fresh.resolve("record"), record.toByteArray());
      delete(name);
      Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      kept.remove(record.getRef());
      kept.put(record.getRef(), new Kept(record, size));
    } catch (IOException e) {
      delete(name + NEW);
      throw failure(fresh, e);
    }
    return prune();
  }

  private void delete(String name) {
    try (Directory all = Directory.open(folder)) {
      if (all.stat(name).isPresent()) {
        all.removeTree(name);
      }
    }
  }

  private synchronized List<Control.BuildHistoryRecord> prune() {
    Instant oldest = clock.instant().minus(limits.age());
    long bytes = kept.values().stream().mapToLong(Kept::bytes).sum();
    int count = kept.size();
    List<Control.BuildHistoryRecord> gone = new ArrayList<>();
    for (Kept one : List.copyOf(kept.values())) {
      boolean tooMany = count > limits.count() || bytes > limits.bytes();
      if (!one.record().getPinned() && (tooMany || created(one.record()).isBefore(oldest))) {
        drop(one.record().getRef());
        gone.add(one.record());
        count--;
        bytes -= one.bytes();
      }
    }
    return gone;
  }

  private void drop(String ref) {
    kept.remove(ref);
    delete(name(ref));
  }

  /** All records, oldest first. */
  synchronized List<Control.BuildHistoryRecord> records() {
    return kept.values().stream().map(Kept::record).toList();
  }

  /** The record of a build. */
  synchronized Optional<Control.BuildHistoryRecord> find(String ref) {
    return Optional.ofNullable(kept.get(ref)).map(Kept::record);
  }

  /** Forgets a build; whether there was one. */
  synchronized boolean remove(String ref) {
    boolean known = kept.containsKey(ref);
    if (known) {
      drop(ref);
    }
    return known;
  }

  /**
   * Keeps a record whatever the limits say, or no longer.
   *
   * @throws Fault.Unavailable when that cannot be written
   */
  synchronized Optional<Control.BuildHistoryRecord> pin(String ref, boolean pinned) {
    Kept one = kept.get(ref);
    if (one == null) {
      return Optional.empty();
    }
    Control.BuildHistoryRecord record =
        one.record().toBuilder()
            .setPinned(pinned)
            .setGeneration(one.record().getGeneration() + 1)
            .build();
    Path build = folder.resolve(name(ref));
    try {
      Files.write(build.resolve("record.new"), record.toByteArray());
      Files.move(
          build.resolve("record.new"), build.resolve("record"), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failure(build, e);
    }
    kept.replace(ref, new Kept(record, one.bytes()));
    return Optional.of(record);
  }

  /** A blob that some record names. */
  synchronized Optional<Path> blob(Digest digest) {
    return kept.keySet().stream()
        .map(ref -> folder.resolve(name(ref)).resolve("blobs").resolve(digest.hex()))
        .filter(Files::isRegularFile)
        .findFirst();
  }
}
