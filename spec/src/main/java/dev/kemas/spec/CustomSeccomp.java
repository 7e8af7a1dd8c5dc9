package dev.kemas.spec;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.kemas.oci.RuntimeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A system call profile in Docker's file format: the specification's, with rules that hold only for
 * some architectures and capabilities.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record CustomSeccomp(
    String defaultAction,
    OptionalInt defaultErrnoRet,
    List<String> architectures,
    List<ArchMap> archMap,
    List<String> flags,
    List<Rule> syscalls) {
  CustomSeccomp {
    architectures = list(architectures);
    archMap = list(archMap);
    flags = list(flags);
    syscalls = list(syscalls);
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  record ArchMap(String architecture, List<String> subArchitectures) {
    ArchMap {
      subArchitectures = list(subArchitectures);
    }
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Rule(
      Optional<String> name,
      List<String> names,
      String action,
      OptionalInt errnoRet,
      List<RuntimeSpec.SyscallArg> args,
      Optional<Filter> includes,
      Optional<Filter> excludes) {
    Rule {
      names = list(names);
      args = list(args);
    }
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Filter(List<String> caps, List<String> arches) {
    Filter {
      caps = list(caps);
      arches = list(arches);
    }
  }

  private static <T> List<T> list(@Nullable List<T> values) {
    return values == null ? List.of() : List.copyOf(values);
  }

  static RuntimeSpec.Seccomp resolve(
      CustomSeccomp profile, List<String> capabilities, HostFacts host) {
    List<String> architectures = new ArrayList<>(profile.architectures);
    String own = host.architecture().equals("arm64") ? "SCMP_ARCH_AARCH64" : "SCMP_ARCH_X86_64";
    for (ArchMap map : profile.archMap) {
      if (map.architecture.equals(own)) {
        architectures.add(own);
        architectures.addAll(map.subArchitectures);
      }
    }
    List<RuntimeSpec.SyscallRule> rules = new ArrayList<>();
    for (Rule rule : profile.syscalls) {
      if (applies(rule, capabilities, host)) {
        List<String> names = new ArrayList<>(rule.names);
        rule.name.ifPresent(names::add);
        rules.add(new RuntimeSpec.SyscallRule(names, rule.action, rule.errnoRet, rule.args));
      }
    }
    return new RuntimeSpec.Seccomp(
        profile.defaultAction, profile.defaultErrnoRet, architectures, profile.flags, rules);
  }

  private static boolean applies(Rule rule, List<String> capabilities, HostFacts host) {
    boolean included =
        rule.includes
            .map(f ->
                capabilities.containsAll(f.caps)
                    && (f.arches.isEmpty() || f.arches.contains(host.architecture())))
            .orElse(true);
    boolean excluded =
        rule.excludes
            .map(f ->
                f.caps.stream().anyMatch(capabilities::contains)
                    || f.arches.contains(host.architecture()))
            .orElse(false);
    return included && !excluded;
  }
}
