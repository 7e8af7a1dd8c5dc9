package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Native memory for the arguments of one or a few system calls: errno, path names, small
 * structures. Blocks are reused, so that a call on a file costs no allocation; take one with
 * try-with-resources and never keep a segment of it afterwards. One thread at a time.
 */
final class Scratch implements AutoCloseable {
  /** Bytes in a block; enough for two paths of PATH_MAX and a buffer of 48 KiB. */
  static final int SIZE = 64 * 1024;

  private static final int FIRST = 16;
  private static final int SLOTS = 32;
  private static final AtomicReferenceArray<Scratch> IDLE = new AtomicReferenceArray<>(SLOTS);

  private final MemorySegment block;
  private final MemorySegment errno;
  private final long address;
  private long used = FIRST;

  private Scratch() {
    // an automatic arena: a block that finds no free slot is simply dropped
    block = Arena.ofAuto().allocate(SIZE, 16);
    errno = block.asSlice(0, 4);
    address = block.address();
  }

  /** Takes an idle block or makes one. */
  static Scratch take() {
    int home = slot();
    for (int i = 0; i < 4; i++) {
      int at = (home + i) % SLOTS;
      if (IDLE.getPlain(at) != null) {
        Scratch s = IDLE.getAndSet(at, null);
        if (s != null) {
          return s;
        }
      }
    }
    return new Scratch();
  }

  /** Gives the block back. */
  @Override
  public void close() {
    used = FIRST;
    int home = slot();
    for (int i = 0; i < 4; i++) {
      if (IDLE.compareAndSet((home + i) % SLOTS, null, this)) {
        return;
      }
    }
  }

  private static int slot() {
    return (int) (Thread.currentThread().threadId() & (SLOTS - 1));
  }

  MemorySegment errno() {
    return errno;
  }

  int result(int r) {
    return r == -1 ? -errno.get(ValueLayout.JAVA_INT, 0) : r;
  }

  long result(long r) {
    return r == -1 ? -errno.get(ValueLayout.JAVA_INT, 0) : r;
  }

  /** Forgets what was put here, for the next call on the same block. */
  void reset() {
    used = FIRST;
  }

  /** Room that is not cleared, 16-byte aligned, with its address in the address space. */
  MemorySegment room(long bytes) {
    long from = (used + 15) & ~15L;
    if (from + bytes > SIZE) {
      throw new Fault.InvalidArgument(
          "the arguments of a system call take " + bytes + " bytes, more than fit");
    }
    used = from + bytes;
    return block.asSlice(from, bytes);
  }

  /** Room filled with zeroes. */
  MemorySegment zeroed(long bytes) {
    return room(bytes).fill((byte) 0);
  }

  /** All that is left. */
  MemorySegment rest() {
    return room(SIZE - ((used + 15) & ~15L));
  }

  /**
   * Copies a name or path as a C string and tells where it lies.
   *
   * @throws Fault.InvalidArgument for a name that holds NUL, which the kernel would cut there
   */
  long string(String text) {
    byte[] bytes = FileNames.encode(text);
    if (used + bytes.length + 1 > SIZE) {
      throw new Fault.InvalidArgument("a name of " + bytes.length + " bytes is too long");
    }
    for (byte b : bytes) {
      if (b == 0) {
        throw new Fault.InvalidArgument(
            "a name must not hold NUL: \"" + text.replace("\0", "\\0") + "\"");
      }
    }
    long at = used;
    MemorySegment.copy(bytes, 0, block, ValueLayout.JAVA_BYTE, at, bytes.length);
    block.set(ValueLayout.JAVA_BYTE, at + bytes.length, (byte) 0);
    used = at + bytes.length + 1;
    return address + at;
  }
}
