package dev.kemas.spec;

import dev.kemas.fault.Fault;
import dev.kemas.oci.RuntimeSpec;
import dev.kemas.oci.RuntimeSpec.SyscallArg;
import dev.kemas.oci.RuntimeSpec.SyscallRule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * The default system call filter: what Docker's default profile allows (its documentation, "Seccomp
 * security profiles for Docker"), depending on the capabilities that a container has.
 */
final class SeccompProfile {
  private static final String ALLOW = "SCMP_ACT_ALLOW";
  private static final int EPERM = 1;
  private static final int ENOSYS = 38;
  private static final long AF_VSOCK = 40;

  /** The CLONE_NEW* flags of clone(2) that make namespaces. */
  private static final long NAMESPACE_FLAGS = 0x7E020000L;

  /** PER_LINUX, PER_LINUX32, both with UNAME26, and the query value of personality(2). */
  private static final List<Long> PERSONALITIES =
      List.of(0x0L, 0x8L, 0x20000L, 0x20008L, 0xffffffffL);

  private static final Map<String, List<String>> SECTIONS = read();

  private SeccompProfile() {}

  static RuntimeSpec.Seccomp of(List<String> capabilities, String architecture) {
    TreeSet<String> allowed = new TreeSet<>(section("all"));
    allowed.addAll(section(architecture));
    for (String capability : capabilities) {
      allowed.addAll(section(capability));
    }
    List<SyscallRule> rules = new ArrayList<>();
    rules.add(rule(List.copyOf(allowed), ALLOW));
    for (long personality : PERSONALITIES) {
      rules.add(rule("personality", new SyscallArg(0, personality, 0, "SCMP_CMP_EQ")));
    }
    rules.add(rule("socket", new SyscallArg(0, AF_VSOCK, 0, "SCMP_CMP_NE")));
    if (!capabilities.contains("CAP_SYS_ADMIN")) {
      rules.add(rule("clone", new SyscallArg(0, NAMESPACE_FLAGS, 0, "SCMP_CMP_MASKED_EQ")));
      // its flags lie in memory, out of the filter's sight: ENOSYS makes libraries fall back to
      // clone
      rules.add(
          new SyscallRule(List.of("clone3"), "SCMP_ACT_ERRNO", OptionalInt.of(ENOSYS), List.of()));
    }
    return new RuntimeSpec.Seccomp(
        "SCMP_ACT_ERRNO",
        OptionalInt.of(EPERM),
        switch (architecture) {
          case "amd64" -> List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32");
          case "arm64" -> List.of("SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM");
          default -> List.of();
        },
        List.of(),
        rules);
  }

  private static SyscallRule rule(List<String> names, String action) {
    return new SyscallRule(names, action, OptionalInt.empty(), List.of());
  }

  private static SyscallRule rule(String name, SyscallArg condition) {
    return new SyscallRule(List.of(name), ALLOW, OptionalInt.empty(), List.of(condition));
  }

  private static List<String> section(String name) {
    return SECTIONS.getOrDefault(name, List.of());
  }

  private static Map<String, List<String>> read() {
    Map<String, List<String>> sections = new LinkedHashMap<>();
    List<String> current = new ArrayList<>();
    for (String line : text().split("\n", -1)) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (line.startsWith("[")) {
        current = new ArrayList<>();
        sections.put(line.substring(1, line.indexOf(']')), current);
      } else {
        current.addAll(List.of(line.trim().split(" ", -1)));
      }
    }
    return sections;
  }

  private static String text() {
    try (InputStream in = SeccompProfile.class.getResourceAsStream("syscalls.txt")) {
      if (in == null) {
        throw new Fault.Internal("the distribution lacks its list of system calls");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new Fault.Internal("cannot read the list of system calls: " + e.getMessage(), e);
    }
  }
}
