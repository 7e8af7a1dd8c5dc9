package dev.kemas.mount.travel;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.OpenFile;
import dev.kemas.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A folder of our own in which files are put together from chunks, each under a number of its own,
 * until they are whole. One thread, but for the fetching.
 */
final class Staging implements AutoCloseable {
  /** A piece of a chunk and where it goes. */
  private record Part(Entry.RegularFile file, Entry.Piece piece, long position) {}

  private final Directory directory;
  private final MountPlace place;
  private final TravelWatch watch;
  private final Map<String, String> staged = new HashMap<>();
  private final AtomicInteger chunks = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private int number;

  Staging(Path folder, MountPlace place, TravelWatch watch) {
    this.directory = Directory.open(folder);
    this.place = place;
    this.watch = watch;
  }

  /** How many chunks came. */
  int chunks() {
    return chunks.get();
  }

  /** Bytes of them, packed. */
  long bytes() {
    return bytes.get();
  }

  /**
   * Puts all files together and verifies them.
   *
   * @throws Fault.DataLoss when something is not what the index says
   */
  void fetch(MountIndex index, List<Entry> absent) {
    Map<Integer, List<Part>> parts = new HashMap<>();
    for (Entry entry : absent) {
      String name = "n" + number++;
      staged.put(entry.path(), name);
      if (entry instanceof Entry.RegularFile file) {
        directory.create(name, 0600).close();
        long position = 0;
        for (Entry.Piece piece : file.pieces()) {
          parts
              .computeIfAbsent(piece.chunk(), none -> new ArrayList<>())
              .add(new Part(file, piece, position));
          position += piece.length();
        }
      }
    }
    try (Lanes lanes = new Lanes()) {
      for (int i = 0; i < index.chunks().size(); i++) {
        Chunk chunk = index.chunks().get(i);
        List<Part> wanted = parts.getOrDefault(i, List.of());
        if (!wanted.isEmpty()) {
          watch.check();
          lanes.run(() -> fill(chunk, wanted));
        }
      }
      lanes.await();
    }
    for (Entry entry : absent) {
      if (entry instanceof Entry.RegularFile file) {
        verify(file);
      }
    }
  }

  private String name(Entry entry) {
    String name = staged.get(entry.path());
    if (name == null) {
      throw new Fault.Internal(entry.path() + " was not fetched");
    }
    return name;
  }

  private void fill(Chunk chunk, List<Part> parts) {
    watch.check();
    byte[] packed = Artifact.blob(place, chunk.descriptor());
    chunks.incrementAndGet();
    bytes.addAndGet(packed.length);
    watch.moved(packed.length);
    byte[] plain = chunk.unpack(packed);
    for (Part part : parts) {
      try (OpenFile file = directory.openForWrite(name(part.file()))) {
        file.seek(part.position());
        file.write(ByteBuffer.wrap(plain, part.piece().offset(), part.piece().length()));
      }
    }
  }

  private void verify(Entry.RegularFile file) {
    watch.check();
    MessageDigest hasher = Digest.sha256Hasher();
    try (InputStream in =
        new DigestInputStream(directory.openForRead(name(file)).input(), hasher)) {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot read what came: " + e.getMessage(), e);
    }
    if (!Digest.sha256(hasher.digest()).equals(file.digest())) {
      throw new Fault.DataLoss("file \"%s\" is not what the index says".formatted(file.path()));
    }
  }

  /**
   * Moves one where it belongs, whole.
   *
   * @throws Fault.Conflict when something is there
   */
  void place(Entry entry, Directory above, String as) {
    String name = name(entry);
    int uid = entry.owner().uid();
    int gid = entry.owner().gid();
    switch (entry) {
      case Entry.Folder folder -> {
        directory.mkdir(name, 0700);
        directory.chown(name, uid, gid);
        directory.chmod(name, folder.permissions());
      }
      case Entry.Link link -> {
        directory.symlink(link.target(), name);
        directory.chown(name, uid, gid);
      }
      case Entry.RegularFile file -> {
        directory.chown(name, uid, gid);
        directory.chmod(name, file.permissions());
        file.attributes().forEach((attribute, value) -> directory.setXattr(name, attribute, value));
        // as long as nobody reads it, it is as old as its content: the first to stay behind
        directory.times(name, file.modified(), file.modified());
      }
    }
    directory.rename(name, above, as, Directory.Rename.KEEP);
  }

  @Override
  public void close() {
    directory.close();
  }
}
