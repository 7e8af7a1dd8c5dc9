package dev.kemas.cli.container;

import dev.kemas.api.client.Json;
import dev.kemas.fault.Fault;
import dev.kemas.flag.UsageError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code --security-opt}: a seccomp profile is read here, on the side of the file. */
final class SecurityOptions {
  private SecurityOptions() {}

  static void into(Json.Obj host, List<String> options) {
    List<String> sent = new ArrayList<>();
    for (String option : options) {
      if (option.equals("systempaths=unconfined")) {
        host.put("MaskedPaths", List.of());
        host.put("ReadonlyPaths", List.of());
      } else {
        sent.add(resolved(option));
      }
    }
    if (!sent.isEmpty()) {
      host.put("SecurityOpt", sent);
    }
  }

  private static String resolved(String option) {
    boolean bare = option.indexOf('=') < 0 && option.indexOf(':') < 0;
    if (bare && !option.equals("no-new-privileges")) {
      throw new UsageError("Invalid --security-opt: \"" + option + "\"");
    }
    String file = option.startsWith("seccomp=") ? option.substring("seccomp=".length()) : "";
    if (file.isEmpty() || file.equals("unconfined") || file.equals("builtin")) {
      return option;
    }
    try {
      String profile = Files.readString(Path.of(file), StandardCharsets.UTF_8);
      return "seccomp=" + Json.parse(profile).write();
    } catch (IOException e) {
      throw new UsageError("opening seccomp profile (" + file + ") failed: " + e.getMessage(), e);
    } catch (Fault.InvalidArgument e) {
      throw new UsageError(
          "compacting json for seccomp profile (" + file + ") failed: " + e.getMessage(), e);
    }
  }
}
