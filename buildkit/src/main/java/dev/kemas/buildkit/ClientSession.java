package dev.kemas.buildkit;

import dev.kemas.build.Attestor;
import dev.kemas.build.BuildRequest;
import dev.kemas.build.Context;
import dev.kemas.build.Export;
import dev.kemas.build.NamedContext;
import dev.kemas.build.OnFailure;
import dev.kemas.fault.Fault;
import java.util.List;
import java.util.Map;

/** What a client lends to one build while it is connected. Safe for several threads. */
public interface ClientSession extends AutoCloseable {
  /**
   * A folder of the client, by the name under which it offers it: {@code context}, {@code
   * dockerfile}, or that of a further context.
   */
  Context folder(String name);

  /**
   * An archive that the client uploads when it is asked to.
   *
   * @param address {@code http://buildkit-session/...}
   */
  Context upload(String address);

  /** An image in a folder of the client, fetched when it is built upon. */
  NamedContext.Origin layout(LayoutAddress address);

  /** Logins, secrets and agents. */
  BuildRequest.Access access();

  /**
   * Where a build's result goes: to the engine's images and registries, with the client's logins,
   * or to a place of the client.
   *
   * @param type of the exporter, as BuildKit's clients name it: {@code image}, {@code local}, ...
   * @param attributes of the exporter
   * @param number which of the request's exporters it is, from 0
   * @param attestor says what is attached
   * @return in the order in which they are to be done; none for {@code cacheonly}
   * @throws Fault.InvalidArgument for a type, an attribute or a value that there is not
   */
  List<Export> exports(String type, Map<String, String> attributes, int number, Attestor attestor);

  /**
   * What opens the client's terminal in a step that failed.
   *
   * @param opening is called before the terminal is taken
   * @throws dev.kemas.fault.Fault.InvalidArgument when the client lends none
   */
  OnFailure shell(Runnable opening);

  /**
   * Caches of other machines, of what the client says of them: {@code type} and what it needs.
   *
   * @param from where results are looked for
   * @param to where results are left
   * @throws Fault.Unsupported for a place where no cache can be left
   */
  BuildRequest.Caches caches(List<Map<String, String>> from, List<Map<String, String>> to);

  /** Runs this once when the client is gone. It must not block. */
  void whenGone(Runnable action);

  /** Gives back what was lent for one build: its folders are not read any more. */
  @Override
  void close();
}
