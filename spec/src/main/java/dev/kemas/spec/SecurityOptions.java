package dev.kemas.spec;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;
import dev.kemas.oci.RuntimeSpec;
import java.util.List;
import java.util.Optional;

/**
 * The words of {@code --security-opt}, read.
 *
 * @param seccomp empty is the default profile; {@code unconfined} is none; else a profile's JSON,
 *     which the clients send instead of a file's name
 * @param apparmorName empty is the default profile; {@code unconfined} is none; else a profile's
 *     name
 */
record SecurityOptions(
    boolean noNewPrivileges, String seccomp, String apparmorName, boolean unmaskSystemPaths) {
  private static final String UNCONFINED = "unconfined";

  static SecurityOptions parse(List<String> options) {
    boolean noNewPrivileges = false;
    boolean unmask = false;
    String seccomp = "";
    String apparmor = "";
    for (String option : options) {
      int split = option.indexOf('=');
      if (split < 0 && !option.equals("no-new-privileges")) {
        split = option.indexOf(':');
      }
      String name = split < 0 ? option : option.substring(0, split);
      String value = split < 0 ? "" : option.substring(split + 1);
      switch (name) {
        case "no-new-privileges" -> noNewPrivileges = value.isEmpty() || bool(option, value);
        case "seccomp" -> seccomp = value;
        case "apparmor" -> apparmor = value;
        case "systempaths" -> {
          if (!value.equals(UNCONFINED)) {
            throw invalid(option);
          }
          unmask = true;
        }
        case "label" -> {
          if (!value.equals("disable")) {
            throw new Fault.Unsupported(
                "--security-opt " + option + ": SELinux labels are not supported by this engine");
          }
        }
        default -> throw invalid(option);
      }
    }
    return new SecurityOptions(noNewPrivileges, seccomp, apparmor, unmask);
  }

  private static boolean bool(String option, String value) {
    return switch (value) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw invalid(option);
    };
  }

  private static Fault.InvalidArgument invalid(String option) {
    return new Fault.InvalidArgument("invalid --security-opt: \"" + option + "\"");
  }

  Optional<String> apparmor(HostFacts host) {
    if (apparmorName.isEmpty()) {
      return host.apparmorProfile();
    }
    return apparmorName.equals(UNCONFINED) ? Optional.empty() : Optional.of(apparmorName);
  }

  Optional<RuntimeSpec.Seccomp> seccomp(List<String> capabilities, HostFacts host) {
    if (seccomp.equals(UNCONFINED)) {
      return Optional.empty();
    }
    if (seccomp.isEmpty() || seccomp.equals("builtin")) {
      return Optional.of(SeccompProfile.of(capabilities, host.architecture()));
    }
    return Optional.of(
        CustomSeccomp.resolve(
            Json.read(seccomp, CustomSeccomp.class, "seccomp profile"), capabilities, host));
  }
}
