package dev.kemas.image;

import dev.kemas.content.BlobStore;
import dev.kemas.fault.Fault;
import dev.kemas.metadata.RecordStore;
import dev.kemas.metadata.Records;
import dev.kemas.snapshot.SnapshotInfo;
import dev.kemas.snapshot.Snapshotter;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes images that nobody uses, those of the longest unused first, from the moment the disk is
 * fuller than the high mark until it is down to the low one. What it removes is told as any removal
 * is. A collection that was cut off goes on with the next. Thread-safe.
 */
public final class ImageCollector {
  private static final Logger LOG = LoggerFactory.getLogger(ImageCollector.class);
  private static final String KEY = "now";

  private final Images images;
  private final BlobStore blobs;
  private final Snapshotter snapshots;
  private final Garbage garbage;
  private final Clock clock;
  private final Optional<Path> disk;
  // once above the high mark it goes on to the low one, also over the end of the process
  private final Records<Begun> begun;

  /** The durable record of a collection that has not come to its end. */
  record Begun(Instant at) {}

  ImageCollector(
      Images images,
      BlobStore blobs,
      Snapshotter snapshots,
      Garbage garbage,
      Clock clock,
      Optional<Path> disk,
      RecordStore records) {
    this.begun = records.records("image-collections", Begun.class);
    this.images = images;
    this.blobs = blobs;
    this.snapshots = snapshots;
    this.garbage = garbage;
    this.clock = clock;
    this.disk = disk;
  }

  /**
   * Looks once, and removes what has to go. Takes microseconds while the disk is not too full.
   *
   * @return what was removed
   */
  public synchronized List<Removed> collect(Watermarks marks) {
    boolean goesOn = begun.get(KEY).isPresent();
    if (!isAbove(goesOn ? marks.low() : marks.high())) {
      end(goesOn);
      return List.of();
    }
    begun.put(KEY, new Begun(clock.instant()));
    LOG.info(
        "images take more than {}: removing unused ones down to {}", marks.high(), marks.low());
    garbage.collect();
    snapshots.awaitRemovals();
    List<Removed> removed = new ArrayList<>();
    for (Image image : candidates(marks)) {
      if (!isAbove(marks.low())) {
        break;
      }
      List<Removed> now = images.removeUnused(image.id(), lastUse(image));
      if (!now.isEmpty()) {
        removed.addAll(now);
        garbage.collect();
        snapshots.awaitRemovals();
      }
    }
    boolean full = isAbove(marks.low());
    end(true);
    if (full) {
      LOG.warn(
          "the disk is fuller than {} still: all other images are in use, kept or younger than {}",
          marks.low(),
          marks.minAge());
    }
    return removed;
  }

  private void end(boolean wasBegun) {
    if (wasBegun) {
      begun.remove(KEY);
    }
  }

  private List<Image> candidates(Watermarks marks) {
    Instant youngest = clock.instant().minus(marks.minAge());
    List<ImageFilter> kept = marks.keep().stream().map(Watermarks::filter).toList();
    return images.list(ImageFilter.ALL, true).stream()
        .filter(image -> !lastUse(image).isAfter(youngest))
        .filter(image -> kept.stream().noneMatch(filter -> images.matches(image, filter)))
        .sorted(Comparator.comparing(this::lastUse))
        .toList();
  }

  private Instant lastUse(Image image) {
    return images.lastUse(image.id()).orElse(image.addedAt());
  }

  private boolean isAbove(Mark mark) {
    return switch (mark) {
      case Mark.Percent(int of) -> usedPercent() > of;
      case Mark.Bytes(long count) -> bytes() > count;
    };
  }

  /** As df(1) counts: what only root may still take is nobody's to use. */
  private double usedPercent() {
    if (disk.isEmpty()) {
      return 0;
    }
    try {
      FileStore store = Files.getFileStore(disk.get());
      double used = (double) store.getTotalSpace() - store.getUnallocatedSpace();
      return 100 * used / (used + store.getUsableSpace());
    } catch (IOException e) {
      throw new Fault.Internal(
          "cannot ask how full the disk of " + disk.get() + " is: " + e.getMessage(), e);
    }
  }

  /** What images take on the disk; a layer is counted once in its life. */
  long bytes() {
    AtomicLong sum = new AtomicLong();
    blobs.walk(blob -> sum.addAndGet(blob.size()));
    snapshots.walk(info -> {
      if (info.kind() == SnapshotInfo.Kind.COMMITTED) {
        try {
          sum.addAndGet(snapshots.usage(info.name()).bytes());
        } catch (Fault.NotFound e) {
          LOG.debug("{} went while it was counted", info.name());
        }
      }
    });
    return sum.get();
  }
}
