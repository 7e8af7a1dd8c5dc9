package dev.kemas.linux;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A mount that somebody wants, as in a line of fstab(5) without the target: whoever emits it does
 * not know where it will be mounted, and whoever mounts it ({@link Mounter}) does not know what it
 * is for.
 *
 * @param type {@code overlay}, {@code tmpfs}, {@code bind}, ...; {@code bind} and {@code rbind} may
 *     also be told by an option, as runtime specs do
 * @param source device, directory or a word of no meaning
 * @param options words as in {@code mount -o}: flags of the mount, propagation, or data for the
 *     file system
 */
public record Mount(String type, String source, List<String> options) {
  public Mount {
    options = List.copyOf(options);
  }

  /** A bind mount of one file or directory, without what is mounted below it. */
  public static Mount bind(Path source, String... options) {
    List<String> words = new ArrayList<>();
    words.add("bind");
    words.addAll(List.of(options));
    return new Mount("bind", source.toString(), words);
  }

  /**
   * An overlay.
   *
   * @param lower the layers, the topmost first; at least one, at most 127 in an image
   * @param upper where changes go
   * @param work an empty directory on the file system of {@code upper}
   */
  public static Mount overlay(List<Path> lower, Path upper, Path work, String... options) {
    List<String> words = new ArrayList<>(List.of(options));
    words.add("lowerdir=" + join(lower));
    words.add("upperdir=" + upper);
    words.add("workdir=" + work);
    return new Mount("overlay", "overlay", words);
  }

  /** A read-only overlay of at least two layers, the topmost first. */
  public static Mount overlay(List<Path> lower, String... options) {
    List<String> words = new ArrayList<>(List.of(options));
    words.add("lowerdir=" + join(lower));
    return new Mount("overlay", "overlay", words);
  }

  /** Colons separate layers; one in a path is escaped, as is the backslash (overlayfs.rst). */
  private static String join(List<Path> layers) {
    List<String> escaped = new ArrayList<>();
    for (Path layer : layers) {
      escaped.add(layer.toString().replace("\\", "\\\\").replace(":", "\\:"));
    }
    return String.join(":", escaped);
  }
}
