package dev.kemas.linux;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The privileges of this process (capabilities(7)), by names such as {@code CAP_SYS_ADMIN}. */
public final class Capabilities {
  /** By number, as linux/capability.h has them. */
  private static final List<String> NAMES =
      List.of(
          "CHOWN",
          "DAC_OVERRIDE",
          "DAC_READ_SEARCH",
          "FOWNER",
          "FSETID",
          "KILL",
          "SETGID",
          "SETUID",
          "SETPCAP",
          "LINUX_IMMUTABLE",
          "NET_BIND_SERVICE",
          "NET_BROADCAST",
          "NET_ADMIN",
          "NET_RAW",
          "IPC_LOCK",
          "IPC_OWNER",
          "SYS_MODULE",
          "SYS_RAWIO",
          "SYS_CHROOT",
          "SYS_PTRACE",
          "SYS_PACCT",
          "SYS_ADMIN",
          "SYS_BOOT",
          "SYS_NICE",
          "SYS_RESOURCE",
          "SYS_TIME",
          "SYS_TTY_CONFIG",
          "MKNOD",
          "LEASE",
          "AUDIT_WRITE",
          "AUDIT_CONTROL",
          "SETFCAP",
          "MAC_OVERRIDE",
          "MAC_ADMIN",
          "SYSLOG",
          "WAKE_ALARM",
          "BLOCK_SUSPEND",
          "AUDIT_READ",
          "PERFMON",
          "BPF",
          "CHECKPOINT_RESTORE");

  private Capabilities() {}

  /** Every name that this program knows, by number. */
  public static List<String> all() {
    return NAMES.stream().map(n -> "CAP_" + n).toList();
  }

  /** What this process may do now. */
  public static Set<String> effective() {
    return of(ProcFiles.field("/proc/self/status", "CapEff"));
  }

  /** What it may give to a process that it starts. */
  public static Set<String> bounding() {
    return of(ProcFiles.field("/proc/self/status", "CapBnd"));
  }

  static Set<String> of(String hexadecimal) {
    long bits = hexadecimal.isEmpty() ? 0 : Long.parseUnsignedLong(hexadecimal, 16);
    Set<String> names = new LinkedHashSet<>();
    for (int i = 0; i < NAMES.size(); i++) {
      if ((bits >> i & 1) != 0) {
        names.add("CAP_" + NAMES.get(i));
      }
    }
    return names;
  }
}
