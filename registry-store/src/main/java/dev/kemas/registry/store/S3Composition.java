package dev.kemas.registry.store;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts pieces together to one object within the store. Each part but the last must have 5 MiB
 * (Amazon S3 User Guide, "multipart upload limits"); smaller pieces, which clients make that upload
 * in small chunks, are read and sent again together.
 */
final class S3Composition {
  private static final long LEAST = 5L << 20;

  private final S3Client s3;
  private final PartBuffers buffers;
  private final String name;
  private final List<String> tags = new ArrayList<>();

  S3Composition(S3Client s3, PartBuffers buffers, String name) {
    this.s3 = s3;
    this.buffers = buffers;
    this.name = name;
  }

  void of(List<S3Ingest.Piece> pieces) {
    if (pieces.size() == 1) {
      s3.copy(pieces.getFirst().name(), name);
      return;
    }
    String id = s3.beginParts(name);
    boolean done = false;
    try {
      parts(id, pieces);
      s3.complete(name, id, tags);
      done = true;
    } finally {
      if (!done) {
        s3.abort(name, id);
      }
    }
  }

  private void parts(String id, List<S3Ingest.Piece> pieces) {
    byte[] buffer = buffers.take();
    try {
      int filled = 0;
      for (S3Ingest.Piece piece : pieces) {
        if (filled == 0 && piece.size() >= LEAST) {
          tags.add(s3.partFrom(piece.name(), name, id, tags.size() + 1));
          continue;
        }
        long at = 0;
        while (at < piece.size()) {
          int n = (int) Math.min(buffer.length - filled, piece.size() - at);
          read(piece, at, n, buffer, filled);
          at += n;
          filled += n;
          if (filled == buffer.length) {
            tags.add(s3.part(name, id, tags.size() + 1, buffer, filled));
            filled = 0;
          }
        }
      }
      if (filled > 0) {
        tags.add(s3.part(name, id, tags.size() + 1, buffer, filled));
      }
    } finally {
      buffers.give(buffer);
    }
  }

  private void read(S3Ingest.Piece piece, long at, int length, byte[] into, int offset) {
    try (InputStream in = s3.open(piece.name(), at, length)) {
      if (in.readNBytes(into, offset, length) < length) {
        throw new IOException("it is shorter than it was");
      }
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot read " + piece.name() + ": " + e.getMessage(), e);
    }
  }
}
