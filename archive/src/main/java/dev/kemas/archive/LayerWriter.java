package dev.kemas.archive;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.snapshot.Changes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Writes a difference as a layer's archive (image-spec, layer.md, "Creating"): entries sorted by
 * name, so that the same difference gives the same bytes and the same digest. Sockets are left out,
 * as tar cannot hold them. Safe for use by several threads.
 */
public final class LayerWriter {
  private final Compression compression;

  /**
   * Writes layers in this form.
   *
   * @param compression {@link Compression#NONE}, {@link Compression#GZIP} or {@link
   *     Compression#ZSTD}
   */
  public LayerWriter(Compression compression) {
    this.compression = compression;
  }

  /**
   * Writes the layer; the stream is not closed. Every folder above a change is in it. The root is,
   * as {@code ./}, when it differs from the parent's or, where there is none to compare with, from
   * 0755 root:root.
   *
   * @throws Fault.Unsupported when an overlay's upper folder uses what a layer cannot say:
   *     redirects or metadata-only copies
   * @throws Fault.NotFound when a folder is not there
   * @throws IOException what writing the stream threw
   */
  public WrittenLayer write(Changes changes, OutputStream out) throws IOException {
    return write(out, TarWriter.Parts.UNTOLD, emitter -> emit(changes, emitter));
  }

  /**
   * As {@link #write(Changes, OutputStream)}, and tells how the plain archive is made again of the
   * folder that the changes lie in: {@link TarRecipe#assemble}.
   *
   * @param recipe gets that; not closed
   */
  public WrittenLayer write(Changes changes, OutputStream out, OutputStream recipe)
      throws IOException {
    RecipeParts parts = new RecipeParts(recipe);
    WrittenLayer written = write(out, parts, emitter -> emit(changes, emitter));
    parts.end();
    return written;
  }

  private static void emit(Changes changes, TreeEmitter emitter) throws IOException {
    switch (changes) {
      case Changes.OverlayUpper(Path upper) -> {
        try (Directory directory = Directory.open(upper)) {
          new OverlayDiff(emitter).write(directory);
        }
      }
      case Changes.Trees(Optional<Path> lower, Path upper) -> {
        if (lower.isEmpty()) {
          whole(upper, emitter);
          return;
        }
        try (Directory before = Directory.open(lower.get());
            Directory after = Directory.open(upper)) {
          new TreesDiff(emitter).write(before, after);
        }
      }
    }
  }

  /**
   * Writes a whole tree as one layer, as {@code docker export} does. The stream is not closed.
   *
   * @throws Fault.NotFound when the root is not there
   * @throws IOException what writing the stream threw
   */
  public WrittenLayer export(Path root, OutputStream out) throws IOException {
    return write(out, TarWriter.Parts.UNTOLD, emitter -> whole(root, emitter));
  }

  @FunctionalInterface
  private interface Work {
    void on(TreeEmitter emitter) throws IOException;
  }

  private static void whole(Path path, TreeEmitter emitter) throws IOException {
    try (Directory root = Directory.open(path)) {
      if (root.stat().permissions() != 0755 || root.stat().uid() != 0 || root.stat().gid() != 0) {
        emitter.root(root);
      }
      emitter.contents(root, "", 0);
    }
  }

  private WrittenLayer write(OutputStream out, TarWriter.Parts parts, Work work)
      throws IOException {
    try (WriteBehind behind = new WriteBehind(out, compression)) {
      TarWriter writer = new TarWriter(OutputStream.nullOutputStream(), behind, parts);
      TreeEmitter emitter = new TreeEmitter(writer, Optional.empty(), true);
      work.on(emitter);
      writer.finish();
      WriteBehind.Written written = behind.finish();
      return new WrittenLayer(
          written.plain(),
          written.plainSize(),
          written.packed(),
          written.packedSize(),
          emitter.content(),
          emitter.entries());
    } catch (IOException e) {
      throw Streams.unwrapped(e);
    }
  }
}
