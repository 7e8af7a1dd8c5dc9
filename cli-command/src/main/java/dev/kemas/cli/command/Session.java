package dev.kemas.cli.command;

import dev.kemas.api.client.EngineClient;
import dev.kemas.api.client.Json;
import dev.kemas.api.client.Request;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What a command runs in: the console, the environment and a client of the engine. */
public final class Session implements AutoCloseable {
  private static final String KEPT = "KEMAS_KEPT_";

  private final Console console;
  private final Map<String, String> environment;
  private final Supplier<EngineClient> opener;
  private Optional<EngineClient> client = Optional.empty();

  /**
   * @param opener connects to the engine when the first command needs it
   */
  public Session(Console console, Map<String, String> environment, Supplier<EngineClient> opener) {
    this.console = console;
    this.environment = environment;
    this.opener = opener;
  }

  /** Where the command reads and prints. */
  public Console console() {
    return console;
  }

  /** A variable of the environment; empty where it is not set. */
  public String variable(String name) {
    // the start script keeps variables that the virtual machine would take for its own
    String kept = environment.getOrDefault(KEPT + name, "");
    return kept.isEmpty() ? environment.getOrDefault(name, "") : kept;
  }

  /** All variables of the environment. */
  public Map<String, String> environment() {
    Map<String, String> all = new HashMap<>(environment);
    environment.keySet().stream()
        .filter(name -> name.startsWith(KEPT))
        .map(name -> name.substring(KEPT.length()))
        .forEach(name -> all.put(name, variable(name)));
    return all;
  }

  /** Whether a variable is set. */
  public boolean hasVariable(String name) {
    return environment.containsKey(name) || !variable(name).isEmpty();
  }

  /** The engine; connected at the first call. */
  public synchronized EngineClient engine() {
    if (client.isEmpty()) {
      client = Optional.of(opener.get());
    }
    return client.get();
  }

  /** The answer to a request as JSON. */
  public Json json(Request request) {
    return engine().json(request);
  }

  /** Sends a request whose answer says nothing. */
  public void done(Request request) {
    engine().done(request);
  }

  @Override
  public synchronized void close() {
    if (client.isPresent()) {
      client.get().close();
    }
  }
}
