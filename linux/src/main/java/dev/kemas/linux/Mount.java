package dev.kemas.linux;

import java.util.List;

/**
 * A mount that somebody wants, as in a line of fstab(5) without the target: whoever emits it does
 * not know where it will be mounted, and whoever mounts it does not know what it is for.
 *
 * @param type the file system ({@code overlay}, {@code tmpfs}, ...), or {@code bind}
 * @param source what is mounted: a folder for {@code bind}, a label for {@code overlay}
 * @param options as in mount(8): {@code ro}, {@code rbind}, {@code lowerdir=a:b}, ...
 */
public record Mount(String type, String source, List<String> options) {
  public Mount {
    options = List.copyOf(options);
  }
}
