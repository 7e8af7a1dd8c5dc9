package dev.kemas.metadata;

import java.util.List;

/**
 * Somebody who needs resources for good: a root of the garbage collection.
 *
 * @param name for people: {@code image 5d2f... (busybox:latest)}
 * @param keeps what it needs itself; what that references stays as well
 */
public record Owner(String name, List<Resource> keeps) {
  public Owner {
    keeps = List.copyOf(keeps);
  }
}
