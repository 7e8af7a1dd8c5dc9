package dev.kemas.template;

import java.util.List;
import java.util.Optional;

/** What a template of a list command sees: named values that are worked out when asked for. */
public interface Row {
  /** A value of {@code name}; empty where there is no such field. */
  Optional<Object> field(String name, List<Object> arguments);

  /** The fields that {@code {{json .}}} shows, in order. */
  List<String> names();
}
