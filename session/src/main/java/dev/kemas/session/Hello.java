package dev.kemas.session;

import dev.kemas.fault.Fault;
import java.util.List;

/**
 * How a client introduces what it offers.
 *
 * @param id of its own making; builds name it
 * @param name what it is for
 * @param sharedKey the same for sessions with the same files; may be empty
 * @param methods what it offers, {@code /package.Service/Method} each
 */
public record Hello(String id, String name, String sharedKey, List<String> methods) {
  public Hello {
    if (id.isBlank()) {
      throw new Fault.InvalidArgument("a client's session has no id");
    }
    methods = List.copyOf(methods);
  }
}
