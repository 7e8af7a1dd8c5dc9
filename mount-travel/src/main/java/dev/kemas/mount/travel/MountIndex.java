package dev.kemas.mount.travel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is in a mount, and which chunks that is made of.
 *
 * @param chunks each once, in the order of their first use
 * @param entries a folder before what is in it
 */
record MountIndex(List<Chunk> chunks, List<Entry> entries) {
  static final String MEDIA_TYPE = "application/vnd.kemas.mount.index.v1+json+zstd";
  private static final int LEVEL = 3;
  private static final String FOLDER = "folder";
  private static final String FILE = "file";
  private static final String LINK = "link";

  MountIndex {
    chunks = List.copyOf(chunks);
    entries = List.copyOf(entries);
  }

  /** The whole as it is written. */
  record Wire(
      @JsonProperty("chunks") List<WireChunk> chunks,
      @JsonProperty("entries") List<WireEntry> entries) {}

  record WireChunk(
      @JsonProperty("blob") Digest blob,
      @JsonProperty("size") long size,
      @JsonProperty("plain") Digest plain,
      @JsonProperty("length") int length) {}

  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record WireEntry(
      @JsonProperty("path") String path,
      @JsonProperty("kind") String kind,
      @JsonProperty("mode") int mode,
      @JsonProperty("uid") long uid,
      @JsonProperty("gid") long gid,
      @JsonProperty("seconds") Optional<Long> seconds,
      @JsonProperty("nanos") Optional<Integer> nanos,
      @JsonProperty("size") Optional<Long> size,
      @JsonProperty("digest") Optional<Digest> digest,
      @JsonProperty("pieces") List<WirePiece> pieces,
      @JsonProperty("target") Optional<String> target,
      @JsonProperty("xattrs") Map<String, String> attributes) {}

  record WirePiece(
      @JsonProperty("chunk") int chunk,
      @JsonProperty("offset") int offset,
      @JsonProperty("length") int length) {}

  /** The bytes of the index's blob: the same for the same contents. */
  byte[] packed() {
    Wire wire =
        new Wire(
            chunks.stream()
                .map(c -> new WireChunk(c.blob(), c.size(), c.plain(), c.length()))
                .toList(),
            entries.stream().map(MountIndex::written).toList());
    byte[] plain = Json.write(wire);
    if (plain.length > TravelLimits.MOST_INDEX) {
      throw new Fault.ResourceExhausted(
          "the list of its files has %d bytes, more than the %d allowed"
              .formatted(plain.length, TravelLimits.MOST_INDEX));
    }
    return Zstd.compress(plain, LEVEL);
  }

  private static WireEntry written(Entry entry) {
    long uid = Integer.toUnsignedLong(entry.owner().uid());
    long gid = Integer.toUnsignedLong(entry.owner().gid());
    return switch (entry) {
      case Entry.Folder folder ->
          new WireEntry(
              folder.path(),
              FOLDER,
              folder.permissions(),
              uid,
              gid,
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              List.of(),
              Optional.empty(),
              Map.of());
      case Entry.Link link ->
          new WireEntry(
              link.path(),
              LINK,
              0,
              uid,
              gid,
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              List.of(),
              Optional.of(link.target()),
              Map.of());
      case Entry.RegularFile file -> {
        Instant modified = file.modified();
        long seconds = modified.getEpochSecond();
        int nanos = modified.getNano();
        yield new WireEntry(
            file.path(),
            FILE,
            file.permissions(),
            uid,
            gid,
            Optional.of(seconds),
            Optional.of(nanos),
            Optional.of(file.size()),
            Optional.of(file.digest()),
            file.pieces().stream()
                .map(p -> new WirePiece(p.chunk(), p.offset(), p.length()))
                .toList(),
            Optional.empty(),
            encoded(file.attributes()));
      }
    };
  }

  private static Map<String, String> encoded(Map<String, byte[]> attributes) {
    Map<String, String> texts = new TreeMap<>();
    attributes.forEach((name, value) -> texts.put(name, Base64.getEncoder().encodeToString(value)));
    return texts;
  }

  /**
   * Reads the blob of an index, a stranger's, whose digest was checked, and checks all it says.
   *
   * @throws Fault.DataLoss when it is none, or says what cannot be
   * @throws Fault.ResourceExhausted when it is of more than these limits
   */
  static MountIndex read(byte[] packed, TravelLimits limits) {
    try (InputStream in = new ZstdInputStream(new ByteArrayInputStream(packed))) {
      byte[] plain = in.readNBytes(TravelLimits.MOST_INDEX + 1);
      if (plain.length > TravelLimits.MOST_INDEX) {
        throw new Fault.ResourceExhausted(
            "its index has more than %d bytes".formatted(TravelLimits.MOST_INDEX));
      }
      Wire wire = Json.read(plain, Wire.class, "index of a cache mount");
      MountIndex index =
          new MountIndex(
              wire.chunks().stream()
                  .map(c -> new Chunk(c.blob(), c.size(), c.plain(), c.length()))
                  .toList(),
              wire.entries().stream().map(MountIndex::read).toList());
      IndexCheck.check(index, limits);
      return index;
    } catch (IOException
        | Fault.InvalidArgument
        | IllegalArgumentException
        | java.util.NoSuchElementException
        | java.time.DateTimeException
        | NullPointerException e) {
      throw new Fault.DataLoss("its index cannot be read: " + e.getMessage(), e);
    }
  }

  private static Entry read(WireEntry entry) {
    Entry.Owner owner = new Entry.Owner(number(entry.uid()), number(entry.gid()));
    return switch (entry.kind()) {
      case FOLDER -> new Entry.Folder(entry.path(), owner, entry.mode());
      case LINK -> new Entry.Link(entry.path(), owner, entry.target().orElseThrow());
      case FILE ->
          new Entry.RegularFile(
              entry.path(),
              owner,
              entry.mode(),
              Instant.ofEpochSecond(entry.seconds().orElseThrow(), entry.nanos().orElse(0)),
              entry.size().orElseThrow(),
              entry.digest().orElseThrow(),
              entry.pieces() == null
                  ? List.of()
                  : entry.pieces().stream()
                      .map(p -> new Entry.Piece(p.chunk(), p.offset(), p.length()))
                      .toList(),
              decoded(entry.attributes()));
      default ->
          throw new Fault.DataLoss(
              "its index has \"%s\" of the kind %s, which does not travel"
                  .formatted(entry.path(), entry.kind()));
    };
  }

  /** The kernel's numbers have 32 bits; the last one means nobody. */
  private static int number(long id) {
    if (id < 0 || id >= 0xFFFFFFFFL) {
      throw new Fault.DataLoss("its index has an owner %d, which cannot be".formatted(id));
    }
    return (int) id;
  }

  private static Map<String, byte[]> decoded(Map<String, String> texts) {
    Map<String, byte[]> attributes = new TreeMap<>();
    if (texts != null) {
      texts.forEach((name, value) -> attributes.put(name, Base64.getDecoder().decode(value)));
    }
    return attributes;
  }
}
