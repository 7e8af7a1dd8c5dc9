package dev.kemas.sbom;

import dev.kemas.fault.Fault;
import dev.kemas.linux.OpenFile;
import java.nio.ByteBuffer;

/** Bytes to be read at any place: a file, or what was unpacked of one. */
interface Bytes {
  /** How many there are. */
  long size();

  /**
   * Fills an array from a place.
   *
   * @throws Fault.InvalidArgument when so many are not there
   */
  byte[] read(long at, int length);

  /** A part of these. */
  default Bytes part(long from, long length) {
    check(this, from, length);
    Bytes whole = this;
    return new Bytes() {
      @Override
      public long size() {
        return length;
      }

      @Override
      public byte[] read(long at, int count) {
        check(this, at, count);
        return whole.read(from + at, count);
      }
    };
  }

  private static void check(Bytes bytes, long at, long length) {
    if (at < 0 || length < 0 || at > bytes.size() - length) {
      throw new Fault.InvalidArgument(
          "points at " + length + " bytes from " + at + " of " + bytes.size());
    }
  }

  /** The content of a file; the caller closes that. */
  static Bytes of(OpenFile file) {
    long size = file.stat().size();
    return new Bytes() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public byte[] read(long at, int length) {
        check(this, at, length);
        ByteBuffer into = ByteBuffer.allocate(length);
        file.seek(at);
        while (into.hasRemaining()) {
          if (file.read(into) < 0) {
            throw new Fault.InvalidArgument("became shorter while it was read");
          }
        }
        return into.array();
      }
    };
  }

  /** These bytes. */
  static Bytes of(byte[] content) {
    return new Bytes() {
      @Override
      public long size() {
        return content.length;
      }

      @Override
      public byte[] read(long at, int length) {
        check(this, at, length);
        return java.util.Arrays.copyOfRange(content, (int) at, (int) at + length);
      }
    };
  }
}
