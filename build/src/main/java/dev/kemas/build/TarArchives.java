package dev.kemas.build;

import dev.kemas.archive.Compression;
import dev.kemas.archive.Limits;
import dev.kemas.archive.TarExtractor;
import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/** {@link Archives} by the archive module. */
public final class TarArchives implements Archives {
  private static final int BLOCK = 512;
  private static final int CHECKSUM_AT = 148;
  private static final int CHECKSUM_LENGTH = 8;

  private final TarExtractor extractor =
      new TarExtractor(new TarExtractor.Options(Limits.none(), true, Optional.empty(), false));

  /** Knows what the archive module knows. */
  public TarArchives() {}

  @Override
  public boolean isArchive(InputStream content) {
    byte[] block = new byte[BLOCK];
    try {
      // not closed: that would close the caller's stream
      InputStream plain = Compression.open(content, Limits.none()).stream();
      return plain.readNBytes(block, 0, BLOCK) == BLOCK && hasChecksum(block);
    } catch (IOException e) {
      return false; // what cannot be unpacked is copied as it is
    }
  }

  /**
   * The header's sum with its own field taken as blanks (POSIX pax, "ustar Interchange Format").
   */
  private static boolean hasChecksum(byte[] header) {
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      boolean own = i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_LENGTH;
      sum += own ? ' ' : header[i] & 0xFF;
    }
    int written = 0;
    boolean digits = false;
    for (int i = CHECKSUM_AT; i < CHECKSUM_AT + CHECKSUM_LENGTH; i++) {
      byte c = header[i];
      if (c >= '0' && c <= '7') {
        written = written * 8 + c - '0';
        digits = true;
      } else if (digits) {
        break;
      }
    }
    return digits && written == sum;
  }

  @Override
  public void unpack(InputStream archive, Path root, String directory) {
    try {
      extractor.extract(archive, root, directory);
    } catch (IOException e) {
      throw new Fault.InvalidArgument("cannot unpack the archive: " + e.getMessage(), e);
    }
  }
}
