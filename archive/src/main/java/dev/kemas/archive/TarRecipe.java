package dev.kemas.archive;

import dev.kemas.fault.Fault;
import dev.kemas.linux.OpenFile;
import dev.kemas.linux.RootDir;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * How a layer's archive is put together again from its unpacked folder: the archive's bytes, with
 * the content of files replaced by their names. Format: {@code docs/formats.md}. Whatever the
 * archive is like, the result is the same to the byte as long as the files are: what has no equal
 * in the folder stands in the recipe itself. Stateless.
 */
public final class TarRecipe {
  private static final byte[] MAGIC = "kemas-tar-recipe 1\n".getBytes(StandardCharsets.US_ASCII);

  /** A length of four bytes, then as many bytes of the archive. */
  private static final int BYTES = 'B';

  /** A name (two bytes of length, then modified UTF-8) and a length of eight bytes. */
  private static final int FILE = 'F';

  private static final int END = 'E';
  private static final int PIECE = 64 * 1024;

  private TarRecipe() {}

  /**
   * Writes the recipe of an archive. Neither stream is closed.
   *
   * @param tar plain, read to its end
   * @param folder where it was unpacked to, in whatever form removals have there
   * @param out the recipe, compressed with zstd
   * @throws IOException what reading or writing a stream threw
   */
  public static void write(InputStream tar, Path folder, OutputStream out) throws IOException {
    try (RootDir root = RootDir.open(folder);
        DataOutputStream recipe = begin(out)) {
      new RecipeWriter(tar, root, recipe).run();
      end(recipe);
    }
  }

  /** A recipe without a part yet; whoever began it closes it, which leaves the stream open. */
  static DataOutputStream begin(OutputStream out) throws IOException {
    DataOutputStream recipe = new DataOutputStream(Compression.ZSTD.compress(new Unclosed(out)));
    recipe.write(MAGIC);
    return recipe;
  }

  /** So many bytes of the archive. */
  static void bytes(DataOutputStream recipe, byte[] from, int at, int length) throws IOException {
    if (length > 0) {
      recipe.writeByte(BYTES);
      recipe.writeInt(length);
      recipe.write(from, at, length);
    }
  }

  /** So many bytes from the beginning of a file. */
  static void file(DataOutputStream recipe, String name, long length) throws IOException {
    if (length > 0) {
      recipe.writeByte(FILE);
      recipe.writeUTF(name);
      recipe.writeLong(length);
    }
  }

  static void end(DataOutputStream recipe) throws IOException {
    recipe.writeByte(END);
    recipe.close();
  }

  /**
   * Writes the archive that a recipe is of. The archive's stream is neither flushed, which would
   * change what a compressor makes of it, nor closed.
   *
   * @param recipe closed at the end
   * @throws Fault.DataLoss when a file of the folder is gone or shorter, or the recipe is damaged;
   *     a file that was changed in place makes another archive: compare its digest
   * @throws IOException what reading or writing a stream threw
   */
  public static void assemble(InputStream recipe, Path folder, OutputStream tar)
      throws IOException {
    try (RootDir root = RootDir.open(folder);
        DataInputStream in = new DataInputStream(Compression.ZSTD.decompress(recipe))) {
      if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
        throw new Fault.DataLoss("the recipe of a layer is damaged: it does not begin as one");
      }
      byte[] piece = new byte[PIECE];
      for (int kind = in.readUnsignedByte(); kind != END; kind = in.readUnsignedByte()) {
        switch (kind) {
          case BYTES -> copy(in, in.readInt(), tar, piece, "its recipe");
          case FILE -> file(root, in.readUTF(), in.readLong(), tar, piece);
          default ->
              throw new Fault.DataLoss("the recipe of a layer is damaged: a part of kind " + kind);
        }
      }
    } catch (EOFException e) {
      throw new Fault.DataLoss("the recipe of a layer is damaged: it ends too early", e);
    }
  }

  private static void file(RootDir root, String name, long size, OutputStream tar, byte[] piece)
      throws IOException {
    try (OpenFile file = root.openForRead(name)) {
      copy(file.input(), size, tar, piece, name);
    } catch (Fault.NotFound e) {
      throw new Fault.DataLoss("file \"" + name + "\" of a layer is gone", e);
    }
  }

  private static void copy(InputStream in, long size, OutputStream out, byte[] piece, String name)
      throws IOException {
    for (long left = size; left > 0; ) {
      int n = in.read(piece, 0, (int) Math.min(piece.length, left));
      if (n < 0) {
        throw new Fault.DataLoss("\"" + name + "\" of a layer is shorter than it was");
      }
      out.write(piece, 0, n);
      left -= n;
    }
  }

  /** A stream that is somebody else's to close. */
  private static final class Unclosed extends FilterOutputStream {
    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
    }

    @Override
    public void close() throws IOException {
      out.flush();
    }
  }
}
