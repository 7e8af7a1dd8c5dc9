package dev.kemas.engine;

import dev.kemas.oci.Digest;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Tells what happens to containers, with the attributes that Docker gives such events.
 *
 * @param imageUsed told the image of a container that is gone: until then it was of use
 */
record ContainerEvents(Events events, Consumer<Digest> imageUsed) {
  void tell(String action, Container container) {
    tell(action, container, Map.of());
  }

  void tell(String action, Container container, Map<String, String> more) {
    Map<String, String> attributes = new HashMap<>(container.config().labels());
    attributes.put("image", container.config().image());
    attributes.put("name", container.name());
    attributes.putAll(more);
    if (action.equals("destroy")) {
      imageUsed.accept(container.image());
    }
    events.tell("container", action, container.id(), attributes);
  }
}
