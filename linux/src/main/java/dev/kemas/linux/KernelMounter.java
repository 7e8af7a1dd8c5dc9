package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Mounts with mount(2) and umount2(2). Safe for several threads; without state.
 *
 * <p>An overlay's options must fit into a page together (mount(2)), which some forty layers with
 * long names exceed, and its {@code lowerdir} gives a meaning to colons, its other options to
 * commas. Where the words do not fit or could be misread, every directory is opened first and named
 * by its descriptor ({@code /proc/self/fd/N}, 17 bytes a layer): then 127 layers fit on any kernel,
 * whatever they are called. Only the mount table then shows these names instead of the paths.
 */
public final class KernelMounter implements Mounter {
  private static final Libc.Call MOUNT = Libc.bind("mount", 5);
  private static final Libc.Call UMOUNT = Libc.bind("umount2", 2);
  private static final int MNT_DETACH = 2;
  private static final int UMOUNT_NOFOLLOW = 8;

  /** The most that the data of mount(2) may take: a page less the final NUL. */
  private static final int MOST_DATA = 4095;

  /** What a bind mount ignores at first and takes only when it is remounted (mount(2), NOTES). */
  private static final long AFTER_BIND =
      ~(MountOptions.MS_BIND | MountOptions.MS_REC | MountOptions.MS_REMOUNT);

  /** A mounter of the calling process. */
  public KernelMounter() {}

  @Override
  public void mount(Mount mount, Path target) {
    MountOptions options = MountOptions.of(mount);
    String type = mount.type().equals("rbind") ? "bind" : mount.type();
    boolean change =
        options.has(MountOptions.MS_REMOUNT)
            || (type.equals("none") && !options.propagation().isEmpty());
    if (!change || options.has(MountOptions.MS_REMOUNT)) {
      if (type.equals("overlay") && !change) {
        mountOverlay(mount, options, target);
      } else {
        call(mount.source(), target, type, options.flags(), String.join(",", options.data()));
      }
    }
    try {
      if (options.has(MountOptions.MS_BIND) && !change && (options.flags() & AFTER_BIND) != 0) {
        long flags = (options.flags() & ~MountOptions.MS_REC) | MountOptions.MS_REMOUNT;
        call(mount.source(), target, type, flags, "");
      }
      for (long propagation : options.propagation()) {
        call("none", target, "none", propagation, "");
      }
    } catch (Fault e) {
      if (!change) {
        unmount(target);
      }
      throw e;
    }
  }

  private static void mountOverlay(Mount mount, MountOptions options, Path target) {
    String data = String.join(",", options.data());
    boolean misread =
        data.indexOf('\\') >= 0 || options.data().stream().anyMatch(word -> word.indexOf(',') >= 0);
    if (!misread && FileNames.encode(data).length <= MOST_DATA) {
      call(mount.source(), target, "overlay", options.flags(), data);
      return;
    }
    List<Directory> open = new ArrayList<>();
    try {
      List<String> words = new ArrayList<>();
      for (String word : options.data()) {
        words.add(byDescriptor(word, open));
      }
      String shorter = String.join(",", words);
      if (shorter.length() > MOST_DATA) {
        throw new Fault.InvalidArgument(
            "an overlay of "
                + open.size()
                + " directories at "
                + target
                + " is more than mount(2) takes");
      }
      call(mount.source(), target, "overlay", options.flags(), shorter);
    } finally {
      open.forEach(Directory::close);
    }
  }

  private static String byDescriptor(String word, List<Directory> open) {
    int is = word.indexOf('=');
    String key = is < 0 ? word : word.substring(0, is);
    return switch (key) {
      case "upperdir", "workdir" -> key + "=" + named(word.substring(is + 1), open);
      case "lowerdir" -> {
        List<String> layers = new ArrayList<>();
        for (String layer : split(word.substring(is + 1))) {
          layers.add(named(layer, open));
        }
        yield key + "=" + String.join(":", layers);
      }
      default -> word;
    };
  }

  private static String named(String path, List<Directory> open) {
    Directory directory = Directory.open(Path.of(path));
    open.add(directory);
    return "/proc/self/fd/" + directory.descriptor().number();
  }

  /** Undoes the escaping of {@link Mount#overlay}. */
  private static List<String> split(String layers) {
    List<String> all = new ArrayList<>();
    StringBuilder one = new StringBuilder();
    for (int i = 0; i < layers.length(); i++) {
      char c = layers.charAt(i);
      if (c == '\\' && i + 1 < layers.length()) {
        one.append(layers.charAt(++i));
      } else if (c == ':') {
        all.add(one.toString());
        one.setLength(0);
      } else {
        one.append(c);
      }
    }
    all.add(one.toString());
    return all;
  }

  private static void call(String source, Path target, String type, long flags, String data) {
    try (Scratch s = Scratch.take()) {
      int r =
          MOUNT.asInt(
              s,
              s.string(source),
              s.string(target.toString()),
              s.string(type),
              flags,
              data.isEmpty() ? 0 : s.string(data));
      if (r < 0) {
        throw Failure.of(
            r, "mount", type, source, "flags 0x" + Long.toHexString(flags), data, target);
      }
    }
  }

  @Override
  public boolean unmount(Path target) {
    try (Scratch s = Scratch.take()) {
      int r = UMOUNT.asInt(s, s.string(target.toString()), MNT_DETACH | UMOUNT_NOFOLLOW);
      if (r == -Errno.EINVAL.number() || r == -Errno.ENOENT.number()) {
        return false;
      }
      if (r < 0) {
        throw Failure.of(r, "umount2", target);
      }
      return true;
    }
  }
}
