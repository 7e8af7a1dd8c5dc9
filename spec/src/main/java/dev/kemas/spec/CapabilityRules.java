package dev.kemas.spec;

import dev.kemas.fault.Fault;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Which capabilities(7) a container gets: Docker's default set, changed by add and drop. */
final class CapabilityRules {
  /** Docker's default set (its documentation, "Runtime privilege and Linux capabilities"). */
  static final List<String> DEFAULT =
      List.of(
          "CAP_AUDIT_WRITE",
          "CAP_CHOWN",
          "CAP_DAC_OVERRIDE",
          "CAP_FOWNER",
          "CAP_FSETID",
          "CAP_KILL",
          "CAP_MKNOD",
          "CAP_NET_BIND_SERVICE",
          "CAP_NET_RAW",
          "CAP_SETFCAP",
          "CAP_SETGID",
          "CAP_SETPCAP",
          "CAP_SETUID",
          "CAP_SYS_CHROOT");

  /** Every capability of linux/capability.h. */
  static final List<String> ALL =
      List.of(
          "CAP_AUDIT_CONTROL",
          "CAP_AUDIT_READ",
          "CAP_AUDIT_WRITE",
          "CAP_BLOCK_SUSPEND",
          "CAP_BPF",
          "CAP_CHECKPOINT_RESTORE",
          "CAP_CHOWN",
          "CAP_DAC_OVERRIDE",
          "CAP_DAC_READ_SEARCH",
          "CAP_FOWNER",
          "CAP_FSETID",
          "CAP_IPC_LOCK",
          "CAP_IPC_OWNER",
          "CAP_KILL",
          "CAP_LEASE",
          "CAP_LINUX_IMMUTABLE",
          "CAP_MAC_ADMIN",
          "CAP_MAC_OVERRIDE",
          "CAP_MKNOD",
          "CAP_NET_ADMIN",
          "CAP_NET_BIND_SERVICE",
          "CAP_NET_BROADCAST",
          "CAP_NET_RAW",
          "CAP_PERFMON",
          "CAP_SETFCAP",
          "CAP_SETGID",
          "CAP_SETPCAP",
          "CAP_SETUID",
          "CAP_SYSLOG",
          "CAP_SYS_ADMIN",
          "CAP_SYS_BOOT",
          "CAP_SYS_CHROOT",
          "CAP_SYS_MODULE",
          "CAP_SYS_NICE",
          "CAP_SYS_PACCT",
          "CAP_SYS_PTRACE",
          "CAP_SYS_RAWIO",
          "CAP_SYS_RESOURCE",
          "CAP_SYS_TIME",
          "CAP_SYS_TTY_CONFIG",
          "CAP_WAKE_ALARM");

  private CapabilityRules() {}

  /**
   * The set a container gets; sorted. What the engine does not hold itself is left out of a set
   * asked for by {@code ALL} or {@code --privileged}, and refused when asked for by name.
   */
  static List<String> resolve(
      List<String> add, List<String> drop, boolean privileged, Set<String> held) {
    Set<String> adds = names(add);
    Set<String> drops = names(drop);
    Set<String> granted = new TreeSet<>();
    if (privileged || adds.contains("ALL")) {
      granted.addAll(ALL);
      granted.retainAll(held);
    } else if (!drops.contains("ALL")) {
      granted.addAll(DEFAULT);
      granted.retainAll(held);
    }
    if (privileged) {
      return List.copyOf(granted);
    }
    granted.removeAll(drops);
    for (String name : adds) {
      if (name.equals("ALL")) {
        continue;
      }
      if (!held.contains(name)) {
        throw new Fault.Forbidden(
            "cannot add capability "
                + name
                + ": the engine does not hold it on this machine; see `kemas doctor`");
      }
      granted.add(name);
    }
    return List.copyOf(granted);
  }

  /** Names without prefix or in lower case are accepted, as Docker does. */
  private static Set<String> names(List<String> words) {
    Set<String> names = new TreeSet<>();
    for (String word : words) {
      String upper = word.toUpperCase(Locale.ROOT);
      if (upper.equals("ALL") || upper.equals("CAP_ALL")) {
        names.add("ALL");
        continue;
      }
      String name = upper.startsWith("CAP_") ? upper : "CAP_" + upper;
      if (!ALL.contains(name)) {
        throw new Fault.InvalidArgument("invalid capability: \"" + word + "\"");
      }
      names.add(name);
    }
    return names;
  }
}
