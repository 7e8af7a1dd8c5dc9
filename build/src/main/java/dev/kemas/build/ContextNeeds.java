package dev.kemas.build;

import dev.kemas.build.plan.Graph;
import dev.kemas.build.plan.Operation;
import dev.kemas.build.plan.Operation.Source;
import dev.kemas.build.plan.Vertex;
import dev.kemas.dockerfile.Mount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a step needs of the client's files. */
final class ContextNeeds {
  private static final List<String> ALL = List.of();

  private ContextNeeds() {}

  /** Paths or patterns by the context's name; an empty list is all of it. */
  static Map<String, List<String>> of(Graph graph, Vertex vertex) {
    Map<String, List<String>> needs = new TreeMap<>();
    switch (vertex.operation()) {
      case Operation.Transfer transfer -> {
        if (vertex.inputs().size() == 1) {
          paths(transfer, ContextFiles.MAIN, needs);
        } else if (graph.vertex(vertex.inputs().get(1)).operation()
            instanceof Operation.Local local) {
          paths(transfer, local.name(), needs);
        }
      }
      case Operation.Run run -> {
        for (Mount mount : run.mounts()) {
          if (mount instanceof Mount.Bind bind && bind.from().isEmpty()) {
            add(needs, ContextFiles.MAIN, bind.source());
          }
        }
        for (int input : vertex.inputs()) {
          if (graph.vertex(input).operation() instanceof Operation.Local local) {
            needs.put(local.name(), ALL);
          }
        }
      }
      case Operation.MakeDirectory make -> {}
      case Operation.Base base -> {}
      case Operation.Local local -> {}
    }
    return needs;
  }

  private static void paths(
      Operation.Transfer transfer, String context, Map<String, List<String>> needs) {
    for (Source source : transfer.sources()) {
      if (source instanceof Source.Files files) {
        add(needs, context, files.path());
      }
    }
  }

  private static void add(Map<String, List<String>> needs, String context, String path) {
    String clean = path.replaceAll("^(\\.?/)+|/+$", "");
    if (clean.isEmpty() || clean.equals(".") || ALL.equals(needs.get(context))) {
      needs.put(context, ALL);
      return;
    }
    needs.computeIfAbsent(context, none -> new ArrayList<>()).add(clean);
  }
}
