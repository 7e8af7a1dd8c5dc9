package dev.kemas.image;

import dev.kemas.archive.Compression;
import dev.kemas.archive.Limits;
import dev.kemas.archive.TarEntry;
import dev.kemas.archive.TarReader;
import dev.kemas.content.BlobStore;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Goes through an image archive once. A file that begins as a tar archive does is taken in as a
 * layer at once, since the documents that tell come last in what docker writes. Used by one thread.
 */
final class ArchiveReader {
  private static final int TAR_BLOCK = 512;
  private static final int MAGIC_AT = 257;
  private static final byte[] MAGIC = "ustar".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_ENTRIES = 100_000;
  private static final long MAX_DOCUMENTS = 64L << 20;
  private static final String BLOBS = "blobs/";

  private final Layers layers;
  private final BlobStore blobs;
  private final Catalog catalog;
  private final Hold hold;
  private final Meter meter;
  private final ArchiveContent content = new ArchiveContent();
  private final byte[] head = new byte[TAR_BLOCK];
  private final byte[] buffer = new byte[128 * 1024];
  private long documentBytes;

  ArchiveReader(Layers layers, BlobStore blobs, Catalog catalog, Hold hold, Meter meter) {
    this.layers = layers;
    this.blobs = blobs;
    this.catalog = catalog;
    this.hold = hold;
    this.meter = meter;
  }

  /** What was read; to be closed by who asks, also after {@link #read} threw. */
  ArchiveContent content() {
    return content;
  }

  void read(InputStream tar) throws IOException {
    TarReader reader = new TarReader(tar, Limits.of(Long.MAX_VALUE, MAX_ENTRIES));
    for (Optional<TarEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
      TarEntry entry = next.get();
      String name = ArchiveNames.clean(entry.name());
      switch (entry.type()) {
        case DIRECTORY -> {}
        case FILE -> file(name, entry.size(), reader.content());
        case SYMBOLIC_LINK -> link(name, ArchiveNames.target(name, entry.link()));
        case HARD_LINK -> link(name, ArchiveNames.clean(entry.link()));
        case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO ->
            throw new Fault.InvalidArgument(
                "invalid image archive: \"" + name + "\" is a " + entry.type());
      }
    }
  }

  private void link(String name, String target) {
    refuseTwice(name);
    content.link(name, target);
  }

  private void refuseTwice(String name) {
    if (content.has(name)) {
      throw new Fault.InvalidArgument("invalid image archive: \"" + name + "\" is in it twice");
    }
  }

  private void file(String name, long size, InputStream in) throws IOException {
    Optional<Digest> claimed = claimed(name);
    if (claimed.isPresent() && content.has(name)) {
      return; // a blob is what its digest says: the first one was looked at
    }
    refuseTwice(name);
    int read = in.readNBytes(head, 0, TAR_BLOCK);
    Compression compression = Compression.detect(head, read);
    if (compression != Compression.NONE || isTar(read)) {
      content.layer(name, layer(name, size, claimed, compression, read, in));
    } else if (size <= Catalog.MAX_DOCUMENT) {
      document(name, claimed, read, in);
    } else {
      content.other(name);
    }
  }

  /** The digest that a name of the OCI layout stands for. */
  private static Optional<Digest> claimed(String name) {
    String[] parts = name.split("/", -1);
    return name.startsWith(BLOBS) && parts.length == 3
        ? Optional.of(new Digest(parts[1], parts[2]))
        : Optional.empty();
  }

  private void document(String name, Optional<Digest> claimed, int read, InputStream in)
      throws IOException {
    byte[] rest = in.readAllBytes();
    byte[] bytes = Arrays.copyOf(head, read + rest.length);
    System.arraycopy(rest, 0, bytes, read, rest.length);
    documentBytes += bytes.length;
    if (documentBytes > MAX_DOCUMENTS) {
      throw new Fault.InvalidArgument(
          "invalid image archive: its documents take more than " + MAX_DOCUMENTS + " bytes");
    }
    if (claimed.isPresent()) {
      verify(name, claimed.get(), claimed.get().hasher().digest(bytes));
    }
    content.document(name, bytes);
  }

  private static void verify(String name, Digest claimed, byte[] hash) {
    String hex = java.util.HexFormat.of().formatHex(hash);
    if (!hex.equals(claimed.hex())) {
      throw new Fault.DataLoss(
          "invalid image archive: \""
              + name
              + "\" has the digest "
              + claimed.algorithm()
              + ":"
              + hex
              + ": the archive is damaged");
    }
  }

  private ArchiveContent.Entry layer(
      String name,
      long size,
      Optional<Digest> claimed,
      Compression compression,
      int read,
      InputStream in)
      throws IOException {
    String shown = claimed.map(Digest::shortHex).orElse(name);
    Optional<Layer> known = claimed.flatMap(this::known);
    if (known.isPresent()) {
      return present(name, known.get(), read, in);
    }
    LayerIntake intake =
        layers.intake(
            shown,
            blobs.ingest(),
            false,
            OptionalLong.of(size),
            claimed,
            compression,
            Optional.empty(),
            hold::keepBlob);
    boolean whole = false;
    try {
      intake.write(head, 0, read);
      long done = read;
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        intake.write(buffer, 0, n);
        done += n;
        meter.at(shown, "Loading layer", done, size);
      }
      intake.end();
      whole = true;
    } finally {
      if (!whole) {
        intake.close();
      }
    }
    meter.end(shown, "Loading layer", size, size);
    return new ArchiveContent.Incoming(intake);
  }

  /** A layer with this blob that is here; kept, once it was found, as long as the hold lasts. */
  private Optional<Layer> known(Digest blob) {
    Optional<Layer> layer = catalog.layerOf(blob);
    if (layer.isEmpty()) {
      return layer;
    }
    hold.keepBlob(blob);
    return blobs.stat(blob).isPresent() ? layer : Optional.empty();
  }

  private ArchiveContent.Entry present(String name, Layer layer, int read, InputStream in)
      throws IOException {
    Digest digest = layer.blob().digest();
    MessageDigest hasher = digest.hasher();
    hasher.update(head, 0, read);
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      hasher.update(buffer, 0, n);
    }
    verify(name, digest, hasher.digest());
    return new ArchiveContent.Present(
        new LayerIntake.Arrived(layer.blob(), layer.diffId(), layer.size()));
  }

  /** An archive begins with a header, or ends at once with blocks of zeroes. */
  private boolean isTar(int read) {
    return read == TAR_BLOCK
        && (Arrays.equals(head, MAGIC_AT, MAGIC_AT + MAGIC.length, MAGIC, 0, MAGIC.length)
            || Arrays.equals(head, new byte[TAR_BLOCK])
            || oldHeader());
  }

  /** V7 headers have no magic number, but a checksum (tar(5)). */
  private boolean oldHeader() {
    long sum = 0;
    for (int i = 0; i < TAR_BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : head[i] & 0xFF;
    }
    String field = new String(head, 148, 8, StandardCharsets.US_ASCII).replace('\0', ' ').strip();
    return field.matches("[0-7]{1,7}") && Long.parseLong(field, 8) == sum;
  }
}
