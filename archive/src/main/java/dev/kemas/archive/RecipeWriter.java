package dev.kemas.archive;

import dev.kemas.fault.Fault;
import dev.kemas.linux.FileNames;
import dev.kemas.linux.FileType;
import dev.kemas.linux.OpenFile;
import dev.kemas.linux.RootDir;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Goes through an archive and finds its files in a folder. Each file is compared while it is read:
 * what is equal becomes a name, all else is taken over. So nothing depends on how names, links or
 * forms that are not understood here are read.
 */
final class RecipeWriter {
  private static final int BLOCK = TarHeader.BLOCK;
  private static final int PIECE = 64 * 1024;

  /** Below this a name costs more than the bytes. */
  private static final int SMALL = 128;

  private static final int MOST_HEADER = 1 << 20;

  private final InputStream tar;
  private final RootDir root;
  private final DataOutputStream out;
  private final TarHeader header = new TarHeader();
  private final byte[] block = new byte[BLOCK];
  private final byte[] piece = new byte[PIECE];
  private final byte[] found = new byte[PIECE];
  private @Nullable String longName;
  private long longSize = -1;

  RecipeWriter(InputStream tar, RootDir root, DataOutputStream out) {
    this.tar = tar;
    this.root = root;
    this.out = out;
  }

  void run() throws IOException {
    while (true) {
      int n = tar.readNBytes(block, 0, BLOCK);
      bytes(block, 0, n);
      header.on(block, 0);
      if (n < BLOCK || header.isZero() || !header.checksumHolds()) {
        rest();
        return;
      }
      try {
        entry();
      } catch (Fault e) {
        rest(); // a header that cannot be: whatever follows is taken as it is
        return;
      }
    }
  }

  private void entry() throws IOException {
    char type = header.type();
    long size = longSize >= 0 ? longSize : header.size();
    switch (type) {
      case 'x', 'X', 'L' -> {
        long own = header.size();
        if (own > MOST_HEADER) {
          take(padded(own));
          return;
        }
        byte[] meta = tar.readNBytes((int) own);
        bytes(meta, 0, meta.length);
        take(padded(own) - own);
        if (type == 'L') {
          longName = FileNames.decode(meta, 0, ended(meta));
        } else {
          PaxRecords records = new PaxRecords(null);
          records.read(meta, meta.length);
          longName = records.path != null ? records.path : longName;
          longSize = records.size;
        }
      }
      case 'g', 'K', 'V' -> take(padded(header.size()));
      case 0, '0', '7' -> {
        String name = longName != null ? longName : header.name();
        forget();
        file(name, size);
        take(padded(size) - size);
      }
      case 'S', 'D' -> {
        forget();
        take(padded(size));
      }
      // nothing follows a link, a folder or a device, whatever its header says
      default -> forget();
    }
  }

  private void forget() {
    longName = null;
    longSize = -1;
  }

  private static int ended(byte[] text) {
    int length = 0;
    while (length < text.length && text[length] != 0) {
      length++;
    }
    return length;
  }

  private static long padded(long size) {
    return (size + BLOCK - 1) / BLOCK * BLOCK;
  }

  /** The content of a file: its name for as long as both are equal, then the bytes. */
  private void file(String name, long size) throws IOException {
    Optional<OpenFile> there = size < SMALL ? Optional.empty() : open(name, size);
    if (there.isEmpty()) {
      take(size);
      return;
    }
    try (OpenFile file = there.get()) {
      InputStream content = file.input();
      long same = 0;
      while (same < size) {
        int n = tar.readNBytes(piece, 0, (int) Math.min(PIECE, size - same));
        int m = content.readNBytes(found, 0, n);
        if (n == 0 || n != m || !Arrays.equals(piece, 0, n, found, 0, n)) {
          name(name, same);
          bytes(piece, 0, n);
          take(size - same - n);
          return;
        }
        same += n;
      }
      name(name, size);
    }
  }

  private Optional<OpenFile> open(String name, long size) {
    try {
      RootDir.Place place = root.at(name);
      return place
          .directory()
          .stat(place.name())
          // others are not opened: a pipe would wait for its other end
          .filter(stat -> stat.type() == FileType.REGULAR && stat.size() >= size)
          .map(stat -> place.directory().openForRead(place.name()));
    } catch (Fault e) {
      return Optional.empty(); // no such file, or no such name: the bytes do as well
    }
  }

  private void name(String name, long size) throws IOException {
    TarRecipe.file(out, name, size);
  }

  private void bytes(byte[] from, int at, int length) throws IOException {
    TarRecipe.bytes(out, from, at, length);
  }

  /** Takes so many bytes over, or fewer where the archive ends. */
  private void take(long count) throws IOException {
    for (long left = count; left > 0; ) {
      int n = tar.readNBytes(piece, 0, (int) Math.min(PIECE, left));
      if (n == 0) {
        return;
      }
      bytes(piece, 0, n);
      left -= n;
    }
  }

  private void rest() throws IOException {
    take(Long.MAX_VALUE);
  }
}
