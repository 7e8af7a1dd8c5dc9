package dev.kemas.mount.travel;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings into a mount what an artifact has and the mount has not; what is there stays as it is,
 * also where the artifact has something else of that name. Only chunks with something absent are
 * fetched. One use, one thread.
 *
 * <p>Everything comes into a folder beside the mount first, is verified there, gets its owner, mode
 * and times, and is moved in by a rename that replaces nothing. So others may use the mount
 * meanwhile and see whole files; until all has come nothing is moved, and a process that is killed
 * leaves whole files and a folder beside.
 */
public final class MountImport {
  private static final String BESIDE = "incoming-";

  /**
   * What was done.
   *
   * @param absent entries of the artifact that the mount had not
   * @param entries of the artifact
   * @param chunks that were fetched
   * @param fetchedBytes of them, as they travelled; the index not counted
   * @param notes what did not get in, a line a reason
   */
  public record Report(int absent, int entries, int chunks, long fetchedBytes, List<String> notes) {
    public Report {
      notes = List.copyOf(notes);
    }
  }

  private final MountPlace place;
  private final TravelWatch watch;
  private final LeftOut leftOut = new LeftOut();

  private MountImport(MountPlace place, TravelWatch watch) {
    this.place = place;
    this.watch = watch;
  }

  /**
   * Imports.
   *
   * @param files the mount's root
   * @param beside a folder of the same file system that nobody else writes in
   * @return empty when there is no artifact
   * @throws Fault.DataLoss when the artifact is damaged or says what cannot be
   * @throws Fault.ResourceExhausted when it is too large, for these limits or for the disk
   * @throws Fault.Unavailable when it does not come; in each case the mount is as it was
   * @throws Fault.Cancelled when the watch ends it
   */
  public static Optional<Report> merge(
      Path files, Path beside, MountPlace place, TravelLimits limits, TravelWatch watch) {
    return Artifact.index(place, limits)
        .map(index -> new MountImport(place, watch).merge(files, beside, index));
  }

  private Report merge(Path files, Path beside, MountIndex index) {
    try (Directory root = Directory.open(files)) {
      List<Entry> absent = absent(root, index);
      if (absent.isEmpty()) {
        return new Report(0, index.entries().size(), 0, 0, leftOut.texts());
      }
      room(beside, absent);
      Path fresh = Files.createTempDirectory(beside, BESIDE);
      try (Staging staging = new Staging(fresh, place, watch)) {
        staging.fetch(index, absent);
        move(root, staging, absent);
        return new Report(
            absent.size(),
            index.entries().size(),
            staging.chunks(),
            staging.bytes(),
            leftOut.texts());
      } finally {
        try (Directory above = Directory.open(beside)) {
          above.removeTree(String.valueOf(fresh.getFileName()));
        }
      }
    } catch (IOException e) {
      throw new Fault.Internal("cannot write in %s: %s".formatted(beside, e.getMessage()), e);
    }
  }

  private List<Entry> absent(Directory root, MountIndex index) {
    List<Entry> absent = new ArrayList<>();
    // folders that are not here, or are something else: then nothing of them is looked for
    Map<String, Boolean> here = new HashMap<>();
    try (Descent descent = new Descent(root)) {
      for (Entry entry : index.entries()) {
        watch.check();
        int slash = entry.path().lastIndexOf('/');
        boolean below = slash < 0 || here.getOrDefault(entry.path().substring(0, slash), false);
        boolean known = below && isThere(descent, entry.path());
        if (entry instanceof Entry.Folder folder) {
          here.put(folder.path(), known);
        }
        if (!known) {
          absent.add(entry);
        }
      }
    }
    return absent;
  }

  private static boolean isThere(Descent descent, String path) {
    return descent.above(path).flatMap(directory -> directory.stat(Descent.name(path))).isPresent();
  }

  private static void room(Path beside, List<Entry> absent) throws IOException {
    long wanted =
        absent.stream()
            .mapToLong(entry -> entry instanceof Entry.RegularFile file ? file.size() : 0)
            .sum();
    long free = Files.getFileStore(beside).getUsableSpace();
    if (wanted > free) {
      throw new Fault.ResourceExhausted(
          "it needs %d bytes, and %d are free at %s".formatted(wanted, free, beside));
    }
  }

  private void move(Directory root, Staging staging, List<Entry> absent) {
    try (Descent descent = new Descent(root)) {
      for (Entry entry : absent) {
        watch.check();
        Optional<Directory> above = descent.above(entry.path());
        if (above.isEmpty()) {
          leftOut.add("in whose way something else is", entry.path());
          continue;
        }
        try {
          staging.place(entry, above.get(), Descent.name(entry.path()));
        } catch (Fault.Conflict e) {
          // made by a step meanwhile; a folder serves as well, and of a file theirs is the newer
          leftOut.add("there by now", entry.path());
        } catch (Fault.NotFound e) {
          leftOut.add("whose folder was removed meanwhile", entry.path());
        }
      }
    }
  }
}
