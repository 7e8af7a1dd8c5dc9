package dev.kemas.guard;

import java.util.ArrayList;
import java.util.List;

/** What of an environment.yml has no version. Read by lines: the file's form is that plain. */
final class CondaEnvironment {
  private CondaEnvironment() {}

  static List<String> loose(String text) {
    List<String> loose = new ArrayList<>();
    boolean inside = false;
    for (String line : text.split("\\r?\\n", -1)) {
      String bare = line.replaceFirst("(^|\\s+)#.*$", "").stripTrailing();
      if (bare.isBlank()) {
        continue;
      }
      boolean top = !Character.isWhitespace(bare.charAt(0)) && bare.charAt(0) != '-';
      if (top) {
        inside = bare.startsWith("dependencies:");
      } else if (inside && bare.strip().startsWith("- ")) {
        String item = bare.strip().substring(2).strip().replaceAll("^['\"]|['\"]$", "");
        if (!item.endsWith(":") && !item.startsWith("-") && isLoose(item)) {
          loose.add(item);
        }
      }
    }
    return loose;
  }

  /** As conda and pip write them: {@code name=1.2}, {@code name==1.2}, {@code name 1.2.*}. */
  static boolean isLoose(String spec) {
    String name = spec.substring(spec.lastIndexOf("::") + 1).replaceFirst("^:", "");
    return !name.equals("pip")
        && !name.startsWith(".")
        && !name.contains("$")
        && !name.contains("://")
        && !name.matches("[^=<>!~\\s]+(\\[[^]]*])?\\s*={1,3}\\s*\\d.*");
  }
}
