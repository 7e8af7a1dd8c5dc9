package dev.kemas.daemon.buildkit;

import dev.kemas.build.TaskProgress;
import dev.kemas.oci.Descriptor;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Index;
import dev.kemas.oci.Json;
import dev.kemas.oci.Manifest;
import dev.kemas.session.ClientContent;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * An image of the client's as one archive in OCI's layout (POSIX pax, "ustar Interchange Format"):
 * each blob is asked for when its turn comes. One thread.
 */
final class LayoutArchive extends InputStream {
  private static final int BLOCK = 512;
  private static final int NAME = 100;
  private static final int SIZE_AT = 124;
  private static final int SUM_AT = 148;
  private static final long MOST_OCTAL = 1L << 33;

  private final Deque<Supplier<InputStream>> parts = new ArrayDeque<>();

  private InputStream current = InputStream.nullInputStream();

  private LayoutArchive() {}

  static InputStream of(
      ClientContent content,
      Descriptor descriptor,
      byte[] bytes,
      Manifest manifest,
      TaskProgress progress) {
    LayoutArchive archive = new LayoutArchive();
    archive.add("index.json", Json.write(Index.oci(List.of(descriptor))));
    archive.add(name(descriptor.digest()), bytes);
    Set<Digest> sent = new HashSet<>();
    archive.add(content, manifest.config(), progress, sent);
    manifest.layers().forEach(layer -> archive.add(content, layer, progress, sent));
    archive.parts.add(() -> new ByteArrayInputStream(new byte[2 * BLOCK]));
    return archive;
  }

  private static String name(Digest digest) {
    return "blobs/%s/%s".formatted(digest.algorithm(), digest.hex());
  }

  private void add(String name, byte[] bytes) {
    add(name, bytes.length, () -> new ByteArrayInputStream(bytes));
  }

  private void add(
      ClientContent content, Descriptor blob, TaskProgress progress, Set<Digest> sent) {
    if (sent.add(blob.digest())) {
      add(
          name(blob.digest()),
          blob.size(),
          () -> new Measured(content.open(blob.digest()), blob, progress));
    }
  }

  private void add(String name, long size, Supplier<InputStream> content) {
    parts.add(() -> new ByteArrayInputStream(header(name, size)));
    parts.add(content);
    parts.add(() -> new ByteArrayInputStream(new byte[(int) (-size & (BLOCK - 1))]));
  }

  private static byte[] header(String name, long size) {
    byte[] header = new byte[BLOCK];
    put(header, 0, name.substring(0, Math.min(NAME, name.length())));
    put(header, NAME, "0000644\0" + "0000000\0" + "0000000\0");
    if (size < MOST_OCTAL) {
      put(header, SIZE_AT, "%011o ".formatted(size));
    } else {
      header[SIZE_AT] = (byte) 0x80;
      ByteBuffer.wrap(header).putLong(SIZE_AT + 4, size);
    }
    put(header, 136, "00000000000 ");
    put(header, SUM_AT, "        0");
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (byte one : header) {
      sum += one & 0xFF;
    }
    put(header, SUM_AT, "%06o\0 ".formatted(sum));
    return header;
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    int n = current.read(into, from, length);
    while (n < 0 && !parts.isEmpty()) {
      current.close();
      current = parts.remove().get();
      n = current.read(into, from, length);
    }
    return n;
  }

  @Override
  public void close() throws IOException {
    current.close();
  }

  /** Exactly as many bytes as were announced, told of as they come. */
  private static final class Measured extends FilterInputStream {
    private final Descriptor blob;
    private final TaskProgress progress;
    private long came;

    Measured(InputStream in, Descriptor blob, TaskProgress progress) {
      super(in);
      this.blob = blob;
      this.progress = progress;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int n = in.read(into, from, length);
      boolean ended = n < 0;
      if ((ended && came != blob.size()) || (!ended && came + n > blob.size())) {
        throw new IOException(
            "%s is not the %d bytes that it should be".formatted(blob.digest(), blob.size()));
      }
      came += Math.max(0, n);
      progress.part(blob.digest().toString(), came, blob.size(), came == blob.size());
      return n;
    }
  }
}
