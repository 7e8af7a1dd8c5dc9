package dev.kemas.api.server.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which handler answers which method and path. A pattern is a path with variables, each one segment
 * long: {@code /containers/{id}/json}; a variable written {@code {name*}} takes one or more
 * segments, for names of images. The first pattern that matches wins. Filled by one thread, then
 * read by any.
 */
public final class RouteTable {
  private final Map<String, List<Route>> byMethod = new HashMap<>();

  /** What answers a request; blocks as long as the answer takes. */
  @FunctionalInterface
  public interface Handler {
    /** Answers the call, or throws a fault before anything was sent. */
    void handle(Call call) throws Exception;
  }

  /**
   * A match.
   *
   * @param variables the values of the pattern's variables, decoded
   */
  public record Match(Handler handler, Map<String, String> variables) {}

  private record Route(List<String> pattern, Handler handler) {}

  /** Adds a route for {@code GET}, {@code POST}, ... */
  public RouteTable on(String method, String pattern, Handler handler) {
    byMethod
        .computeIfAbsent(method, m -> new ArrayList<>())
        .add(new Route(segments(pattern), handler));
    return this;
  }

  /** The handler of a method and a decoded path without version. */
  public Optional<Match> find(String method, String path) {
    List<String> segments = segments(path);
    for (Route route : byMethod.getOrDefault(method, List.of())) {
      Map<String, String> variables = new HashMap<>();
      if (matches(route.pattern(), segments, variables)) {
        return Optional.of(new Match(route.handler(), variables));
      }
    }
    return Optional.empty();
  }

  private static List<String> segments(String path) {
    return List.of(path.substring(path.startsWith("/") ? 1 : 0).split("/", -1));
  }

  private static boolean matches(
      List<String> pattern, List<String> path, Map<String, String> variables) {
    int at = 0;
    for (int i = 0; i < pattern.size(); i++) {
      String part = pattern.get(i);
      int left = pattern.size() - i - 1;
      if (at >= path.size() - left) {
        return false;
      }
      if (part.endsWith("*}")) {
        int end = path.size() - left;
        variables.put(
            part.substring(1, part.length() - 2), String.join("/", path.subList(at, end)));
        at = end;
      } else if (part.startsWith("{")) {
        variables.put(part.substring(1, part.length() - 1), path.get(at++));
      } else if (!part.equals(path.get(at++))) {
        return false;
      }
    }
    return at == path.size() && variables.values().stream().noneMatch(String::isEmpty);
  }
}
