package dev.kemas.build.plan;

import java.util.ArrayList;
import java.util.List;

/** Paths within a container, as text only. */
final class Paths {
  private Paths() {}

  /** An absolute, clean path; a relative one starts at the working directory. */
  static String resolve(String workingDirectory, String path) {
    String whole = path.startsWith("/") ? path : workingDirectory + "/" + path;
    List<String> parts = new ArrayList<>();
    for (String part : whole.split("/", -1)) {
      if (part.equals("..")) {
        if (!parts.isEmpty()) {
          parts.removeLast();
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return "/" + String.join("/", parts);
  }

  /** As {@link #resolve}, keeping the meaning of a trailing slash or dot: a directory. */
  static String destination(String workingDirectory, String path) {
    String clean = resolve(workingDirectory, path);
    boolean directory =
        path.endsWith("/") || path.equals(".") || path.endsWith("/.") || path.isEmpty();
    return directory && !clean.endsWith("/") ? clean + "/" : clean;
  }
}
