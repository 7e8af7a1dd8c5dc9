package dev.kemas.synced.folder;

import dev.kemas.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Which folder of which client: what comes under the same key is taken for the same folder at
 * another time.
 *
 * @param client what the client calls itself and the place it builds from
 * @param name of the folder: {@code context}, {@code dockerfile}, a named context
 * @param selection the patterns by which files are chosen; another selection of the same folder
 *     begins with what is here of it
 */
public record FolderKey(String client, String name, List<String> selection) {
  public FolderKey {
    selection = List.copyOf(selection);
  }

  /** A name for all selections of the folder. */
  String folder() {
    return digest(List.of(client, name)).hex();
  }

  /** A name for the selection. */
  String chosen() {
    return digest(selection).hex();
  }

  private static Digest digest(List<String> texts) {
    StringBuilder all = new StringBuilder();
    texts.forEach(text -> all.append(text.length()).append(':').append(text));
    return Digest.of(all.toString().getBytes(StandardCharsets.UTF_8));
  }
}
