package dev.kemas.metadata;

import java.util.List;
import java.util.function.Consumer;

/** The resources of one kind, as the garbage collector sees them. */
public interface ResourceSpace {
  /** Which {@link Resource#kind} it holds. */
  String kind();

  /**
   * Visits every resource that may be collected, each before those that it cannot be removed
   * without. One that somebody is still making may be left out.
   */
  void walk(Consumer<Resource> visitor);

  /**
   * What a resource keeps alive beside itself, of any kind: a manifest its configuration and
   * layers, a snapshot its parent. Empty for one that is not there.
   */
  List<Resource> references(Resource resource);

  /**
   * Removes a resource.
   *
   * @return bytes freed, 0 when it is not known
   */
  long remove(Resource resource);
}
