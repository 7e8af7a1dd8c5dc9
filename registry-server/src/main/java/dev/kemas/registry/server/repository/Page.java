package dev.kemas.registry.server.repository;

import java.util.List;

/**
 * Some of a list.
 *
 * @param more whether the list goes on
 */
public record Page(List<String> names, boolean more) {
  public Page {
    names = List.copyOf(names);
  }
}
