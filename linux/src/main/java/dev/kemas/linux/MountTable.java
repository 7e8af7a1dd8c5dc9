package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The mounts of a process as its mount namespace shows them (proc_pid_mountinfo(5)), in the order
 * they were made. A snapshot.
 */
public final class MountTable {
  private final List<Entry> entries;

  private MountTable(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /**
   * One mount.
   *
   * @param id unique while it lasts
   * @param parent id of the mount it lies on
   * @param device {@code major:minor}
   * @param root what of the file system is mounted
   * @param target where
   * @param options of this mount
   * @param propagation {@code shared:N}, {@code master:N}, ...; none for a private mount
   * @param type of the file system
   * @param source as it was given to mount(2)
   * @param superOptions of the file system
   */
  public record Entry(
      int id,
      int parent,
      String device,
      String root,
      Path target,
      List<String> options,
      List<String> propagation,
      String type,
      String source,
      List<String> superOptions) {
    public Entry {
      options = List.copyOf(options);
      propagation = List.copyOf(propagation);
      superOptions = List.copyOf(superOptions);
    }
  }

  /** The mounts that this process sees. */
  public static MountTable read() {
    return read(Path.of("/proc/self/mountinfo"));
  }

  /** The mounts in a file of this format, such as that of another process. */
  public static MountTable read(Path file) {
    try {
      return parse(FileNames.decode(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new Fault.Internal("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /** The mounts in a text of the format of /proc/PID/mountinfo (proc_pid_mountinfo(5)). */
  public static MountTable parse(String text) {
    List<Entry> entries = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      if (!line.isEmpty()) {
        entries.add(entry(line));
      }
    }
    return new MountTable(entries);
  }

  private static Entry entry(String line) {
    String[] f = line.split(" ", -1);
    int separator = 6;
    while (separator < f.length && !f[separator].equals("-")) {
      separator++;
    }
    if (separator + 3 >= f.length) {
      throw new Fault.Internal("a line of mountinfo that makes no sense: " + line);
    }
    return new Entry(
        Integer.parseInt(f[0]),
        Integer.parseInt(f[1]),
        f[2],
        unescape(f[3]),
        Path.of(unescape(f[4])),
        List.of(f[5].split(",", -1)),
        List.of(f).subList(6, separator),
        f[separator + 1],
        unescape(f[separator + 2]),
        List.of(f[separator + 3].split(",", -1)));
  }

  /** Space, tab, newline and backslash are written in octal. */
  private static String unescape(String field) {
    if (field.indexOf('\\') < 0) {
      return field;
    }
    byte[] in = FileNames.encode(field);
    byte[] out = new byte[in.length];
    int n = 0;
    for (int i = 0; i < in.length; i++) {
      if (in[i] == '\\' && i + 3 < in.length) {
        out[n++] = (byte) Integer.parseInt(new String(in, i + 1, 3, StandardCharsets.US_ASCII), 8);
        i += 3;
      } else {
        out[n++] = in[i];
      }
    }
    return FileNames.decode(out, 0, n);
  }

  /** All mounts, in the order they were made. */
  public List<Entry> entries() {
    return entries;
  }

  /** The mount that is visible at exactly this path. */
  public Optional<Entry> at(Path target) {
    Path wanted = target.normalize();
    return entries.stream().filter(e -> e.target().equals(wanted)).reduce((a, b) -> b);
  }

  /** All mounts at or beneath a path, the last made first: the order in which to unmount them. */
  public List<Entry> beneath(Path directory) {
    Path wanted = directory.normalize();
    return entries.reversed().stream().filter(e -> e.target().startsWith(wanted)).toList();
  }

  /** Whether a mount begins at this path; cheaper than reading the table (statx(2), Linux 5.8). */
  public static boolean isMountPoint(Path path) {
    Path name = path.getFileName();
    if (name == null) {
      return true;
    }
    Path parent = path.toAbsolutePath().getParent();
    try (Directory directory = Directory.open(parent == null ? Path.of("/") : parent)) {
      return directory.stat(name.toString()).filter(Stat::mountRoot).isPresent();
    } catch (Fault.NotFound e) {
      return false;
    }
  }
}
