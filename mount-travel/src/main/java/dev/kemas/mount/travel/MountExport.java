package dev.kemas.mount.travel;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.MediaType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * Leaves the contents of a mount in a place, for {@link MountImport}. The place becomes a new
 * artifact at the very end, by its manifest: an export that is cut off leaves the one before. The
 * same contents give the same digests. One use, one thread.
 */
public final class MountExport {

  /**
   * What was done.
   *
   * @param entries files, folders and links in the artifact
   * @param bytes of the files
   * @param chunks of the artifact
   * @param sentChunks those that the place lacked
   * @param sentBytes of them, as they travelled
   * @param notes what of the mount did not travel, and the like, a line a reason
   */
  public record Report(
      int entries, long bytes, int chunks, int sentChunks, long sentBytes, List<String> notes) {
    public Report {
      notes = List.copyOf(notes);
    }
  }

  /** Something that travels, but for where its chunks are in the index. */
  private record Taken(TreeScan.Found found, Optional<FileReading.Read> read, String target) {}

  private final MountPlace place;
  private final TravelLimits limits;
  private final TravelWatch watch;
  private final LeftOut leftOut = new LeftOut();

  private MountExport(MountPlace place, TravelLimits limits, TravelWatch watch) {
    this.place = place;
    this.limits = limits;
    this.watch = watch;
  }

  /**
   * Exports. The mount may be written meanwhile: a file that changes while it is read is read
   * again, or left out.
   *
   * @param files the mount's root
   * @param id what the mount is called, for people who look at the artifact
   * @throws Fault.Unavailable when the place does not take it
   * @throws Fault.ResourceExhausted when there is too much to list it
   * @throws Fault.Cancelled when the watch ends it
   */
  public static Report export(
      Path files, String id, MountPlace place, TravelLimits limits, TravelWatch watch) {
    try (Directory root = Directory.open(files)) {
      return new MountExport(place, limits, watch).export(root, id);
    } catch (IOException e) {
      throw new Fault.Unavailable("%s cannot be written: %s".formatted(place.name(), e), e);
    }
  }

  private Report export(Directory root, String id) throws IOException {
    List<TreeScan.Found> chosen = new TreeScan(leftOut, watch).choose(root, limits);
    try (ChunkWriter writer = new ChunkWriter(place, before(), watch)) {
      List<Taken> taken = take(root, chosen, new FileReading(writer));
      writer.await();
      MountIndex index = index(taken);
      publish(id, index);
      long bytes =
          index.entries().stream()
              .mapToLong(entry -> entry instanceof Entry.RegularFile file ? file.size() : 0)
              .sum();
      return new Report(
          index.entries().size(),
          bytes,
          index.chunks().size(),
          writer.sent(),
          writer.sentBytes(),
          leftOut.texts());
    }
  }

  /** Chunks of the artifact that is there: one that cannot be read is replaced, not refused. */
  private List<Chunk> before() {
    try {
      return Artifact.index(place, limits).map(MountIndex::chunks).orElse(List.of());
    } catch (Fault.DataLoss | Fault.ResourceExhausted | Fault.NotFound e) {
      leftOut.say("what was in %s is not used (%s)".formatted(place.name(), e.getMessage()));
      return List.of();
    }
  }

  private List<Taken> take(Directory root, List<TreeScan.Found> chosen, FileReading reading) {
    List<Taken> taken = new ArrayList<>();
    try (Descent descent = new Descent(root)) {
      for (TreeScan.Found found : chosen) {
        watch.check();
        if (found.isFolder()) {
          taken.add(new Taken(found, Optional.empty(), ""));
        } else {
          take(descent, found, reading)
              .ifPresentOrElse(
                  taken::add,
                  () -> leftOut.add("changed or gone while they were read", found.path()));
        }
      }
    }
    reading.finish();
    return taken;
  }

  private static Optional<Taken> take(Descent descent, TreeScan.Found found, FileReading reading) {
    Optional<Directory> above = descent.above(found.path());
    if (above.isEmpty()) {
      return Optional.empty();
    }
    String name = Descent.name(found.path());
    if (found.stat().type() == FileType.SYMLINK) {
      return target(above.get(), name).map(text -> new Taken(found, Optional.empty(), text));
    }
    return reading
        .read(above.get(), name, found.path())
        .map(read -> new Taken(found, Optional.of(read), ""));
  }

  private static Optional<String> target(Directory directory, String name) {
    try {
      return Optional.of(directory.readlink(name)).filter(IndexCheck::isTarget);
    } catch (Fault.NotFound | Fault.InvalidArgument e) {
      // gone, or something else by now (EINVAL): told by the caller
      return Optional.empty();
    }
  }

  private static MountIndex index(List<Taken> taken) {
    Map<Digest, Integer> places = new LinkedHashMap<>();
    List<Chunk> chunks = new ArrayList<>();
    ToIntFunction<Chunk> placeOf =
        chunk ->
            places.computeIfAbsent(
                chunk.plain(),
                first -> {
                  chunks.add(chunk);
                  return chunks.size() - 1;
                });
    List<Entry> entries = taken.stream().map(one -> entry(one, placeOf)).toList();
    return new MountIndex(chunks, entries);
  }

  private static Entry entry(Taken taken, ToIntFunction<Chunk> placeOf) {
    TreeScan.Found found = taken.found();
    Entry.Owner owner = new Entry.Owner(found.stat().uid(), found.stat().gid());
    if (found.isFolder()) {
      return new Entry.Folder(found.path(), owner, found.stat().permissions() & 03777);
    }
    if (taken.read().isEmpty()) {
      return new Entry.Link(found.path(), owner, taken.target());
    }
    FileReading.Read read = taken.read().get();
    List<Entry.Piece> pieces =
        read.pieces().stream()
            .map(draft ->
                new Entry.Piece(
                    placeOf.applyAsInt(Lanes.result(draft.chunk())),
                    draft.offset(),
                    draft.length()))
            .toList();
    return new Entry.RegularFile(
        found.path(),
        new Entry.Owner(read.stat().uid(), read.stat().gid()),
        read.stat().permissions() & 0777,
        IndexCheck.clamped(read.stat().modified()),
        read.stat().size(),
        read.digest(),
        pieces,
        read.attributes());
  }

  private void publish(String id, MountIndex index) throws IOException {
    byte[] packed = index.packed();
    Descriptor described = Descriptor.of(MountIndex.MEDIA_TYPE, Digest.of(packed), packed.length);
    byte[] manifest = Artifact.manifest(id, described, index.chunks());
    if (manifest.length > TravelLimits.MOST_MANIFEST) {
      throw new Fault.ResourceExhausted(
          "its manifest has %d bytes, more than registries take: export less with mounts-max="
              .formatted(manifest.length));
    }
    put(described, packed);
    put(Artifact.EMPTY_CONFIG, Artifact.EMPTY);
    watch.check();
    place.publish(
        Descriptor.of(MediaType.OCI_MANIFEST, Digest.of(manifest), manifest.length), manifest);
  }

  private void put(Descriptor blob, byte[] bytes) throws IOException {
    if (!place.has(blob)) {
      place.put(blob, bytes);
      watch.moved(bytes.length);
    }
  }
}
