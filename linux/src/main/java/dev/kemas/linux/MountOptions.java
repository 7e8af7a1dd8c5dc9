package dev.kemas.linux;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The words of {@code mount -o} sorted into what mount(2) takes.
 *
 * @param flags MS_* bits, without propagation
 * @param propagation MS_SHARED and the like, each for a call of its own, in the order given
 * @param data what is left, for the file system, in the order given
 */
record MountOptions(long flags, List<Long> propagation, List<String> data) {
  static final long MS_RDONLY = 1;
  static final long MS_NOSUID = 1 << 1;
  static final long MS_NODEV = 1 << 2;
  static final long MS_NOEXEC = 1 << 3;
  static final long MS_REMOUNT = 1 << 5;
  static final long MS_BIND = 1 << 12;
  static final long MS_MOVE = 1 << 13;
  static final long MS_REC = 1 << 14;
  static final long MS_UNBINDABLE = 1 << 17;
  static final long MS_PRIVATE = 1 << 18;
  static final long MS_SLAVE = 1 << 19;
  static final long MS_SHARED = 1 << 20;
  private static final long MS_SYNCHRONOUS = 1 << 4;
  private static final long MS_MANDLOCK = 1 << 6;
  private static final long MS_DIRSYNC = 1 << 7;
  private static final long MS_NOSYMFOLLOW = 1 << 8;
  private static final long MS_NOATIME = 1 << 10;
  private static final long MS_NODIRATIME = 1 << 11;
  private static final long MS_SILENT = 1 << 15;
  private static final long MS_RELATIME = 1 << 21;
  private static final long MS_STRICTATIME = 1 << 24;
  private static final long MS_LAZYTIME = 1 << 25;

  private static final Map<String, Long> SET =
      Map.ofEntries(
          Map.entry("ro", MS_RDONLY),
          Map.entry("nosuid", MS_NOSUID),
          Map.entry("nodev", MS_NODEV),
          Map.entry("noexec", MS_NOEXEC),
          Map.entry("sync", MS_SYNCHRONOUS),
          Map.entry("remount", MS_REMOUNT),
          Map.entry("mand", MS_MANDLOCK),
          Map.entry("dirsync", MS_DIRSYNC),
          Map.entry("nosymfollow", MS_NOSYMFOLLOW),
          Map.entry("noatime", MS_NOATIME),
          Map.entry("nodiratime", MS_NODIRATIME),
          Map.entry("bind", MS_BIND),
          Map.entry("rbind", MS_BIND | MS_REC),
          Map.entry("move", MS_MOVE),
          Map.entry("silent", MS_SILENT),
          Map.entry("relatime", MS_RELATIME),
          Map.entry("strictatime", MS_STRICTATIME),
          Map.entry("lazytime", MS_LAZYTIME));

  private static final Map<String, Long> CLEAR =
      Map.ofEntries(
          Map.entry("rw", MS_RDONLY),
          Map.entry("suid", MS_NOSUID),
          Map.entry("dev", MS_NODEV),
          Map.entry("exec", MS_NOEXEC),
          Map.entry("async", MS_SYNCHRONOUS),
          Map.entry("nomand", MS_MANDLOCK),
          Map.entry("symfollow", MS_NOSYMFOLLOW),
          Map.entry("atime", MS_NOATIME),
          Map.entry("diratime", MS_NODIRATIME),
          Map.entry("norelatime", MS_RELATIME),
          Map.entry("nostrictatime", MS_STRICTATIME),
          Map.entry("loud", MS_SILENT),
          Map.entry("nolazytime", MS_LAZYTIME),
          Map.entry("defaults", 0L));

  private static final Map<String, Long> PROPAGATION =
      Map.of(
          "shared",
          MS_SHARED,
          "rshared",
          MS_SHARED | MS_REC,
          "private",
          MS_PRIVATE,
          "rprivate",
          MS_PRIVATE | MS_REC,
          "slave",
          MS_SLAVE,
          "rslave",
          MS_SLAVE | MS_REC,
          "unbindable",
          MS_UNBINDABLE,
          "runbindable",
          MS_UNBINDABLE | MS_REC);

  MountOptions {
    propagation = List.copyOf(propagation);
    data = List.copyOf(data);
  }

  static MountOptions of(Mount mount) {
    long flags =
        switch (mount.type()) {
          case "bind" -> MS_BIND;
          case "rbind" -> MS_BIND | MS_REC;
          default -> 0;
        };
    List<Long> propagation = new ArrayList<>();
    List<String> data = new ArrayList<>();
    for (String word : mount.options()) {
      Long set = SET.get(word);
      Long clear = CLEAR.get(word);
      Long how = PROPAGATION.get(word);
      if (set != null) {
        flags |= set;
      } else if (clear != null) {
        flags &= ~clear;
      } else if (how != null) {
        propagation.add(how);
      } else if (!word.isEmpty()) {
        data.add(word);
      }
    }
    return new MountOptions(flags, propagation, data);
  }

  boolean has(long bits) {
    return (flags & bits) == bits;
  }
}
