package dev.kemas.archive;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Writes the recipe of an archive while the archive itself is written, see {@link TarRecipe}. */
final class RecipeParts implements TarWriter.Parts {
  private final DataOutputStream recipe;

  /**
   * @param out gets the recipe, compressed; not closed
   */
  RecipeParts(OutputStream out) throws IOException {
    this.recipe = TarRecipe.begin(out);
  }

  @Override
  public void bytes(byte[] from, int at, int length) throws IOException {
    TarRecipe.bytes(recipe, from, at, length);
  }

  @Override
  public void file(String name, long length) throws IOException {
    TarRecipe.file(recipe, name, length);
  }

  void end() throws IOException {
    TarRecipe.end(recipe);
  }
}
