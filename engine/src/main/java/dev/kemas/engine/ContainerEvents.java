package dev.kemas.engine;

import java.util.HashMap;
import java.util.Map;

/** Tells what happens to containers, with the attributes that Docker gives such events. */
record ContainerEvents(Events events) {
  void tell(String action, Container container) {
    tell(action, container, Map.of());
  }

  void tell(String action, Container container, Map<String, String> more) {
    Map<String, String> attributes = new HashMap<>(container.config().labels());
    attributes.put("image", container.config().image());
    attributes.put("name", container.name());
    attributes.putAll(more);
    events.tell("container", action, container.id(), attributes);
  }
}
