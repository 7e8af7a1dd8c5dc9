package dev.kemas.archive;

import dev.kemas.fault.Fault;
import dev.kemas.linux.FileNames;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar archive entry by entry: ustar, PAX, GNU long names and sparse files, old V7. One
 * thread at a time. Names are handed out as they are: whoever writes files checks them.
 */
public final class TarReader implements AutoCloseable {
  private static final int BLOCK = TarHeader.BLOCK;
  private static final int BUFFER = 128 * 1024;

  /** Names end at 4 KiB and attributes at 64 KiB each; a larger header is made to exhaust. */
  private static final int MOST_HEADER = 4 << 20;

  private final InputStream source;
  private final Pieces pieces;
  private final Limits limits;
  private final TarHeader header = new TarHeader();
  private final byte[] spanning = new byte[BLOCK];
  private byte[] piece = new byte[0];
  private int at;
  private int end;

  private long remaining;
  private int padding;
  private long[] map = new long[0];
  private boolean sparse;
  private long size;
  private String name = "";
  private long entries;
  private long content;
  private boolean over;
  private @Nullable PaxRecords global;

  /**
   * Reads from this stream.
   *
   * @param in plain tar; see {@link Compression#open} for what is compressed
   * @param limits of entries and of bytes in their files
   */
  public TarReader(InputStream in, Limits limits) {
    this(in, new StreamPieces(in, BUFFER), limits);
  }

  TarReader(InputStream source, Pieces pieces, Limits limits) {
    this.source = source;
    this.pieces = pieces;
    this.limits = limits;
  }

  /**
   * The next entry; what was not read of the one before is skipped. Empty at the end.
   *
   * @throws Fault.InvalidArgument when it is no tar archive or a header is damaged
   * @throws Fault.DataLoss when it ends in the middle of an entry, or its compressed form is
   *     damaged
   * @throws Fault.ResourceExhausted when a limit is passed
   * @throws IOException what reading the source threw
   */
  public Optional<TarEntry> next() throws IOException {
    try {
      return read();
    } catch (IOException e) {
      throw Streams.unwrapped(e);
    }
  }

  private Optional<TarEntry> read() throws IOException {
    if (over) {
      return Optional.empty();
    }
    skip(remaining);
    remaining = 0;
    // some end right behind the last content, such as the docker command when the Dockerfile is its
    // standard input; Go's reader takes that for an end as well (archive/tar, Reader.next)
    over = !pad();
    if (over) {
      return Optional.empty();
    }
    PaxRecords pax = global;
    String longName = null;
    String longLink = null;
    while (block()) {
      if (header.isZero()) {
        break;
      }
      if (!header.checksumHolds()) {
        throw new Fault.InvalidArgument(
            entries == 0
                ? "this is not a tar archive"
                : "the archive is damaged: no header follows \"" + name + "\"");
      }
      switch (header.type()) {
        case 'x', 'X' -> {
          PaxRecords own = new PaxRecords(global);
          byte[] records = meta();
          own.read(records, records.length);
          pax = own;
        }
        case 'g' -> {
          PaxRecords all = new PaxRecords(global);
          byte[] records = meta();
          all.read(records, records.length);
          global = all;
          pax = all;
        }
        case 'L' -> longName = text(meta());
        case 'K' -> longLink = text(meta());
        // the label of a volume is no entry
        case 'V' -> skip(padded(header.size()));
        default -> {
          return Optional.of(entry(pax, longName, longLink));
        }
      }
    }
    over = true;
    return Optional.empty();
  }

  private TarEntry entry(
      @Nullable PaxRecords pax, @Nullable String longName, @Nullable String longLink)
      throws IOException {
    SparseHeader holes = pax == null ? new SparseHeader() : pax.sparse;
    String found = longName != null ? longName : header.name();
    String link = longLink != null ? longLink : header.link();
    if (pax != null) {
      found = pax.path != null ? pax.path : found;
      found = holes.name != null ? holes.name : found;
      link = pax.link != null ? pax.link : link;
    }
    name = found;
    char type = header.type();
    TarEntry.Type kind = kind(type, found);
    long stored = pax != null && pax.size >= 0 ? pax.size : header.size();
    int mode = header.mode();
    int uid = id("uid", pax != null && pax.uid >= 0 ? pax.uid : header.uid());
    int gid = id("gid", pax != null && pax.gid >= 0 ? pax.gid : header.gid());
    Instant modified =
        pax != null && pax.modified != null
            ? pax.modified
            : Instant.ofEpochSecond(header.modified());
    boolean device = kind == TarEntry.Type.CHARACTER_DEVICE || kind == TarEntry.Type.BLOCK_DEVICE;
    int major = device ? header.major() : 0;
    int minor = device ? header.minor() : 0;
    // what type 5 or a link says about its size is a hint at most: nothing follows the header
    remaining = kind == TarEntry.Type.FILE || type == 'D' ? stored : 0;
    padding = (int) (-remaining & (BLOCK - 1));
    if (type == 'S') {
      holes.realSize = header.sparseSize();
      boolean more = header.sparse(holes, 386, 4);
      while (more) {
        need(block());
        more = header.sparse(holes, 0, 21);
      }
    }
    size = kind == TarEntry.Type.FILE ? stored : 0;
    sparse = kind == TarEntry.Type.FILE && (holes.used() || type == 'S');
    map = new long[0];
    if (sparse) {
      if (holes.mapInContent) {
        mapFromContent(holes);
      }
      holes.check(remaining);
      map = holes.map();
      size = holes.realSize;
    }
    count();
    return new TarEntry(
        found,
        kind,
        mode,
        uid,
        gid,
        size,
        modified,
        kind == TarEntry.Type.HARD_LINK || kind == TarEntry.Type.SYMBOLIC_LINK ? link : "",
        major,
        minor,
        pax == null || pax.xattrs.isEmpty() ? Map.of() : pax.xattrs);
  }

  private static TarEntry.Type kind(char type, String name) {
    return switch (type) {
      // before POSIX a directory was told by its slash only
      case 0, '0' -> name.endsWith("/") ? TarEntry.Type.DIRECTORY : TarEntry.Type.FILE;
      case '7', 'S' -> TarEntry.Type.FILE;
      case '1' -> TarEntry.Type.HARD_LINK;
      case '2' -> TarEntry.Type.SYMBOLIC_LINK;
      case '3' -> TarEntry.Type.CHARACTER_DEVICE;
      case '4' -> TarEntry.Type.BLOCK_DEVICE;
      case '5', 'D' -> TarEntry.Type.DIRECTORY;
      case '6' -> TarEntry.Type.FIFO;
      default ->
          throw new Fault.InvalidArgument(
              "archive entry \"" + name + "\" has the unknown type '" + type + "'");
    };
  }

  /** The kernel's ids have 32 bits, and the highest stands for "unchanged" (chown(2)). */
  private int id(String field, long id) {
    if (id < 0 || id >= 0xFFFFFFFFL) {
      throw new Fault.InvalidArgument(
          "archive entry \"" + name + "\" has the " + field + " " + id + ", which cannot be");
    }
    return (int) id;
  }

  private void count() {
    entries++;
    if (entries > limits.entries()) {
      throw new Fault.ResourceExhausted(
          "the archive has more than the " + limits.entries() + " entries allowed");
    }
    if (size > limits.bytes() - content) {
      throw new Fault.ResourceExhausted(
          "the files of the archive take more than the "
              + limits.bytes()
              + " bytes allowed, with \""
              + name
              + "\"");
    }
    content += size;
  }

  private byte[] meta() throws IOException {
    long size = header.size();
    if (size > MOST_HEADER) {
      throw new Fault.InvalidArgument(
          "the archive has a header of " + size + " bytes after \"" + name + "\"");
    }
    byte[] bytes = new byte[(int) size];
    for (int done = 0; done < bytes.length; ) {
      need(available());
      int n = Math.min(bytes.length - done, end - at);
      System.arraycopy(piece, at, bytes, done, n);
      done += n;
      at += n;
    }
    skip(-size & (BLOCK - 1));
    return bytes;
  }

  private static String text(byte[] bytes) {
    int length = 0;
    while (length < bytes.length && bytes[length] != 0) {
      length++;
    }
    return FileNames.decode(bytes, 0, length);
  }

  /** Form 1.0: decimal numbers, one a line, filled up to a block. */
  private void mapFromContent(SparseHeader holes) throws IOException {
    long wanted = 1;
    long read = 0;
    for (long i = 0; i < wanted; i++) {
      long number = 0;
      for (int b = mapByte(); b != '\n'; b = mapByte()) {
        if (b < '0' || b > '9' || number > Long.MAX_VALUE / 16) {
          throw PaxRecords.damaged("the sparse map of \"" + name + "\" is no number");
        }
        number = number * 10 + b - '0';
        read++;
      }
      read++;
      if (i == 0) {
        wanted = 1 + 2 * Math.min(number, 1 << 20);
      } else {
        holes.add(number);
      }
    }
    long rest = -read & (BLOCK - 1);
    if (rest > remaining) {
      throw PaxRecords.damaged("the sparse map of \"" + name + "\" is cut off");
    }
    skip(rest);
    remaining -= rest;
  }

  private int mapByte() throws IOException {
    if (remaining == 0) {
      throw PaxRecords.damaged("the sparse map of \"" + name + "\" is cut off");
    }
    need(available());
    remaining--;
    return piece[at++];
  }

  /** Whether the present file has holes; then {@link #map} tells where its data belongs. */
  boolean isSparse() {
    return sparse;
  }

  /** Offset and length one after the other. */
  long[] map() {
    return map;
  }

  /** Bytes of the present entry that are still to come, holes not counted. */
  long remaining() {
    return remaining;
  }

  /**
   * How many bytes of the present entry lie at {@link #offset} of {@link #array} now, at most the
   * number asked for; 0 when there are none left.
   */
  int peek(long most) throws IOException {
    if (remaining == 0 || most == 0) {
      return 0;
    }
    try {
      need(available());
    } catch (IOException e) {
      throw Streams.unwrapped(e);
    }
    return (int) Math.min(Math.min(end - at, remaining), most);
  }

  byte[] array() {
    return piece;
  }

  int offset() {
    return at;
  }

  void take(int count) {
    at += count;
    remaining -= count;
  }

  /** The bytes of the entry that {@link #next} gave last, holes as zeroes; closing does nothing. */
  public InputStream content() {
    return sparse ? new SparseInput(this, map, size) : new EntryInput(this);
  }

  private boolean available() throws IOException {
    if (at < end) {
      return true;
    }
    int n = pieces.next();
    piece = pieces.array();
    at = 0;
    end = Math.max(0, n);
    return n > 0;
  }

  private void need(boolean there) {
    if (!there) {
      throw new Fault.DataLoss(
          "the archive ends too early, "
              + (name.isEmpty() ? "in its first header" : "in \"" + name + "\""));
    }
  }

  /** Sees to a whole block in the header; false at the end of the stream. */
  private boolean block() throws IOException {
    if (!available()) {
      return false;
    }
    if (end - at >= BLOCK) {
      header.on(piece, at);
      at += BLOCK;
      return true;
    }
    for (int done = 0; done < BLOCK; ) {
      need(available());
      int n = Math.min(BLOCK - done, end - at);
      System.arraycopy(piece, at, spanning, done, n);
      done += n;
      at += n;
    }
    header.on(spanning, 0);
    return true;
  }

  private void skip(long count) throws IOException {
    long left = count;
    while (left > 0) {
      need(available());
      int n = (int) Math.min(left, end - at);
      at += n;
      left -= n;
    }
  }

  /** Skips what fills the last block of an entry; false where the stream ends instead. */
  private boolean pad() throws IOException {
    while (padding > 0) {
      if (!available()) {
        return false;
      }
      int n = Math.min(padding, end - at);
      at += n;
      padding -= n;
    }
    return true;
  }

  private static long padded(long size) {
    return size + (-size & (BLOCK - 1));
  }

  /** Closes the source. */
  @Override
  public void close() throws IOException {
    source.close();
  }
}
