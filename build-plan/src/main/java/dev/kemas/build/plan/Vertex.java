package dev.kemas.build.plan;

import java.util.List;

/**
 * An operation with its inputs.
 *
 * @param id its place in the graph; inputs have lower ids
 * @param inputs ids; the first is the file system that is changed, others are only read
 */
public record Vertex(int id, Operation operation, List<Integer> inputs) {

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder("#").append(id);
    if (!inputs.isEmpty()) {
      out.append(" on #").append(inputs.getFirst());
    }
    for (int input : inputs.subList(Math.min(1, inputs.size()), inputs.size())) {
      out.append(" from #").append(input);
    }
    return out.append(": ").append(operation.describe()).toString();
  }
}
