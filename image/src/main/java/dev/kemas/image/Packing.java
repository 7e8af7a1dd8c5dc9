package dev.kemas.image;

import dev.kemas.archive.Compression;
import dev.kemas.fault.Fault;
import java.util.OptionalInt;

/**
 * How layers are to be compressed for those who get them.
 *
 * @param compression gzip, zstd or none
 * @param level as the compressor counts them; empty for the usual one, which is compressed once
 *     however many ask
 * @param force whether what came compressed otherwise is compressed anew, too
 */
public record Packing(Compression compression, OptionalInt level, boolean force) {
  /** What registries get when nobody says anything else. */
  public static final Packing USUAL = new Packing(Compression.GZIP, OptionalInt.empty(), false);

  public Packing {
    int most =
        switch (compression) {
          case NONE -> 0;
          case GZIP -> 9;
          case ZSTD -> 22;
          case XZ, BZIP2 ->
              throw new Fault.InvalidArgument("layers are not written with " + compression);
        };
    if (level.isPresent() && (level.getAsInt() < 0 || level.getAsInt() > most)) {
      throw new Fault.InvalidArgument(
          "invalid compression level %d for %s: want 0 to %d"
              .formatted(level.getAsInt(), compression, most));
    }
  }
}
