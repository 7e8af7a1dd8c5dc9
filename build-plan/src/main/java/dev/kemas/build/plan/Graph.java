package dev.kemas.build.plan;

import dev.kemas.oci.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All operations of a build; each stands once, also when several stages ask for it.
 *
 * @param vertices by id, inputs before what needs them
 */
public record Graph(List<Vertex> vertices) {
  public Graph {
    vertices = List.copyOf(vertices);
  }

  /** The vertex with that id. */
  public Vertex vertex(int id) {
    return vertices.get(id);
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    vertices.forEach(vertex -> out.append(vertex).append('\n'));
    return out.toString();
  }

  /** Collects vertices. Not safe for several threads. */
  static final class Collector {
    /** Not the description itself: that of a RUN has all variables in it. */
    private record Key(Digest operation, List<Integer> inputs) {}

    private final List<Vertex> vertices = new ArrayList<>();
    private final Map<Key, Integer> known = new HashMap<>();

    int add(Operation operation, List<Integer> inputs) {
      return known.computeIfAbsent(
          new Key(Facts.digest(operation.describe()), inputs),
          key -> {
            vertices.add(new Vertex(vertices.size(), operation, List.copyOf(inputs)));
            return vertices.size() - 1;
          });
    }

    Operation operation(int id) {
      return vertices.get(id).operation();
    }

    Graph graph() {
      return new Graph(vertices);
    }
  }
}
