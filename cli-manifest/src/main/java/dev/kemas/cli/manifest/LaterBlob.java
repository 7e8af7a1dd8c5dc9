package dev.kemas.cli.manifest;

import dev.kemas.content.BlobReader;
import dev.kemas.content.FolderBlobStore;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Descriptor;
import dev.kemas.registry.client.RemoteBlob;
import dev.kemas.registry.client.Repository;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A blob of a registry that is fetched, into a temporary folder, when it is read: where a registry
 * mounts it nobody reads it. For one thread.
 */
final class LaterBlob implements BlobReader {
  private final Repository source;
  private final Descriptor blob;
  private @Nullable Path folder;
  private @Nullable FolderBlobStore store;
  private @Nullable BlobReader here;

  LaterBlob(Repository source, Descriptor blob) {
    this.source = source;
    this.blob = blob;
  }

  @Override
  public long size() {
    return blob.size();
  }

  @Override
  public int read(ByteBuffer into, long position) {
    return here().read(into, position);
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) {
    return here().transferTo(position, count, target);
  }

  private BlobReader here() {
    if (here != null) {
      return here;
    }
    try {
      folder = Files.createTempDirectory("kemas-manifest-");
      store = FolderBlobStore.open(folder);
      try (RemoteBlob remote = source.blob(blob.digest(), 0)) {
        store.put(remote.stream(), OptionalLong.of(blob.size()), blob.digest());
      }
      here = store.open(blob.digest());
      return here;
    } catch (IOException e) {
      throw new Fault.Unavailable(
          "cannot copy " + blob.digest() + " between repositories: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    if (here != null) {
      here.close();
    }
    if (store != null) {
      store.close();
    }
    if (folder != null) {
      delete(folder);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot remove " + folder + ": " + e.getMessage(), e);
    }
  }
}
