package dev.kemas.archive;

import dev.kemas.oci.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;

/** Counts and hashes what goes by; closing it leaves the target open. */
final class HashedOutput extends OutputStream {
  private final OutputStream out;
  private final boolean hashed;
  private final MessageDigest hash = Digest.sha256Hasher();
  private long size;

  HashedOutput(OutputStream out, boolean hashed) {
    this.out = out;
    this.hashed = hashed;
  }

  Digest digest() {
    return Digest.sha256(hash.digest());
  }

  long size() {
    return size;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    if (hashed) {
      hash.update(bytes, from, length);
    }
    size += length;
    out.write(bytes, from, length);
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.flush();
  }
}
