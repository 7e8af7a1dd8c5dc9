package dev.kemas.session;

import java.util.List;

/**
 * Which files of a client's folder.
 *
 * @param folder the client's name for it: {@code context}, {@code dockerfile}, a named context
 * @param include patterns of what comes; all when there are none and {@code follow} has none
 * @param exclude rules as in {@code .dockerignore}
 * @param follow paths that come, and what they lead to where they are symbolic links
 */
public record FileRequest(
    String folder, List<String> include, List<String> exclude, List<String> follow) {
  public FileRequest {
    include = List.copyOf(include);
    exclude = List.copyOf(exclude);
    follow = List.copyOf(follow);
  }

  /** All of a folder. */
  public static FileRequest all(String folder) {
    return new FileRequest(folder, List.of(), List.of(), List.of());
  }
}
