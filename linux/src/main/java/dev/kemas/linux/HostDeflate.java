package dev.kemas.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Raw deflate (RFC 1951) by the host's ISA-L (isa-l/igzip_lib.h), in this process: it unpacks about
 * three times and packs about ten times as fast as zlib. The structures of the library are public
 * and have no version, so what is used of them is proven on an example before the library is. Its
 * faults are IOExceptions. Thread-safe.
 */
public final class HostDeflate {
  /**
   * Level 3 packs 2 % better, but not to the same bytes on each processor: the match finders for
   * AVX2 and for AVX-512 differ.
   */
  private static final int LEVEL = 2;

  /** ISAL_DEF_LVL2_DEFAULT: with another size the same bytes give another result. */
  private static final int LEVEL_BUFFER = 331_776;

  /** struct isal_zstream is 82,384 bytes in 2.30. */
  private static final int STATE = 128 * 1024;

  private static final int NEXT_IN = 0;
  private static final int AVAIL_IN = 8;
  private static final int NEXT_OUT = 16;
  private static final int AVAIL_OUT = 24;
  private static final int LEVEL_AT = 40;
  private static final int LEVEL_BUFFER_SIZE = 44;
  private static final int LEVEL_BUFFER_AT = 48;
  private static final int FLUSH = 58;
  private static final short FULL_FLUSH = 2;

  /** Bytes that follow the stream in the example. */
  private static final int BEHIND = 5;

  /** What is kept for the next who packs; more make their own. */
  private static final int IDLE = 4;

  private static final Optional<HostDeflate> LOADED = load();

  private final Libc.Call initialize;
  private final Libc.Call deflate;
  final Libc.Call initializeInflate;
  final Libc.Call inflate;
  private final ConcurrentLinkedQueue<Room> idle = new ConcurrentLinkedQueue<>();

  /** Native memory of one who packs. */
  private record Room(
      MemorySegment state, MemorySegment level, MemorySegment in, MemorySegment out) {
    static Room of(int length) {
      Arena arena = Arena.ofAuto();
      return new Room(
          arena.allocate(STATE, 64),
          arena.allocate(LEVEL_BUFFER, 64),
          arena.allocate(length, 64),
          arena.allocate(bound(length), 64));
    }

    /** Stored blocks are the worst: five bytes for each 64 KiB, and the flush at the end. */
    private static long bound(int length) {
      return length + (length >> 10) + 1024L;
    }
  }

  private HostDeflate(SymbolLookup library) {
    initialize = Libc.bind(library, "isal_deflate_stateless_init", 1);
    deflate = Libc.bind(library, "isal_deflate_stateless", 1);
    initializeInflate = Libc.bind(library, "isal_inflate_init", 1);
    inflate = Libc.bind(library, "isal_inflate", 1);
  }

  /** The library; empty where it is not installed or is not as it was when this was written. */
  public static Optional<HostDeflate> get() {
    return LOADED;
  }

  private static Optional<HostDeflate> load() {
    SymbolLookup library;
    try {
      library = SymbolLookup.libraryLookup(name(), Arena.global());
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // not installed, which get() tells
    }
    return Optional.of(new HostDeflate(library)).filter(HostDeflate::works);
  }

  /** The file that is looked for. */
  public static String name() {
    return "libisal.so.2";
  }

  /** Packs an example, has Java unpack it, and unpacks it in small steps too. */
  private boolean works() {
    byte[] example = new byte[100_000];
    for (int i = 0; i < example.length; i++) {
      example[i] = (byte) ((i * i / 77) >> (i % 5));
    }
    byte[] got = new byte[example.length];
    try (Inflater java = new Inflater(true)) {
      byte[] blocks = pack(example, example.length);
      byte[] stream = Arrays.copyOf(blocks, blocks.length + 2 + BEHIND);
      stream[blocks.length] = 3; // an empty last block
      java.setInput(stream);
      return java.inflate(got) == got.length
          && Arrays.equals(got, example)
          && unpacks(stream, example);
    } catch (DataFormatException | IOException e) {
      return false;
    }
  }

  private boolean unpacks(byte[] packed, byte[] example) throws IOException {
    byte[] got = new byte[example.length];
    try (HostInflate host = new HostInflate(this)) {
      int done = 0;
      for (int from = 0; from < packed.length; from += 1000) {
        host.input(packed, from, Math.min(1000, packed.length - from));
        int n;
        do {
          n = host.inflate(got, done, Math.min(777, got.length - done));
          done += n;
        } while (n > 0);
      }
      return host.finished() && host.remaining() == BEHIND && Arrays.equals(got, example);
    }
  }

  /**
   * Packs bytes into blocks that need nothing before them, end on a whole byte and are not the
   * last: one result behind the other, and an empty last block, are one stream. The same bytes give
   * the same result on each processor with SSE 4.2 or, of their own, on AArch64.
   *
   * @throws IOException when the library does not take them
   */
  public byte[] pack(byte[] bytes, int length) throws IOException {
    Room known = idle.poll();
    Room room = known == null || known.in().byteSize() < length ? Room.of(length) : known;
    MemorySegment.copy(bytes, 0, room.in(), ValueLayout.JAVA_BYTE, 0, length);
    MemorySegment state = room.state();
    try (Scratch s = Scratch.take()) {
      initialize.status(s, state.address());
      state.set(ValueLayout.JAVA_LONG, NEXT_IN, room.in().address());
      state.set(ValueLayout.JAVA_INT, AVAIL_IN, length);
      state.set(ValueLayout.JAVA_LONG, NEXT_OUT, room.out().address());
      state.set(ValueLayout.JAVA_INT, AVAIL_OUT, (int) room.out().byteSize());
      state.set(ValueLayout.JAVA_INT, LEVEL_AT, LEVEL);
      state.set(ValueLayout.JAVA_INT, LEVEL_BUFFER_SIZE, LEVEL_BUFFER);
      state.set(ValueLayout.JAVA_LONG, LEVEL_BUFFER_AT, room.level().address());
      state.set(ValueLayout.JAVA_SHORT, FLUSH, FULL_FLUSH);
      int code = deflate.status(s, state.address());
      if (code != 0 || state.get(ValueLayout.JAVA_INT, AVAIL_IN) != 0) {
        throw new IOException(name() + " does not pack: " + code);
      }
    }
    int left = state.get(ValueLayout.JAVA_INT, AVAIL_OUT);
    byte[] packed = new byte[(int) room.out().byteSize() - left];
    MemorySegment.copy(room.out(), ValueLayout.JAVA_BYTE, 0, packed, 0, packed.length);
    if (idle.size() < IDLE) {
      idle.add(room);
    }
    return packed;
  }

  /** Begins to unpack a stream. */
  public HostInflate unpack() {
    return new HostInflate(this);
  }
}
