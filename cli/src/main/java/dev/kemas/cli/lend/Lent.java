package dev.kemas.cli.lend;

import java.io.OutputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is lent to one build.
 *
 * @param folders by the names that the build has for them: {@code context}, {@code dockerfile}
 * @param secrets by id
 * @param agents sockets of ssh agents by id
 * @param stores folders in OCI's layout, by the names that the build has for them
 * @param places for results, by their number among the build's outputs
 * @param terminal for a shell in a step that fails
 */
public record Lent(
    Map<String, Path> folders,
    Map<String, Secret> secrets,
    Map<String, Path> agents,
    Map<String, Path> stores,
    Map<Integer, Place> places,
    Optional<Screen> terminal) {
  public Lent {
    folders = Map.copyOf(folders);
    secrets = Map.copyOf(secrets);
    agents = Map.copyOf(agents);
    stores = Map.copyOf(stores);
    places = Map.copyOf(places);
  }

  /** A secret, read when it is asked for. */
  public sealed interface Secret {}

  /** A file's content. */
  public record SecretFile(Path path) implements Secret {}

  /** The value of a variable of the environment. */
  public record SecretVariable(String name) implements Secret {}

  /** Where a result goes. */
  public sealed interface Place {}

  /** A folder: files come beside what is there. */
  public record ToFolder(Path folder) implements Place {}

  /** A file, whole or not at all. */
  public record ToFile(Path file) implements Place {}

  /** A stream, which stays open. */
  public record ToStream(OutputStream out) implements Place {}

  /** Whether there is nothing. */
  public boolean isEmpty() {
    return folders.isEmpty()
        && secrets.isEmpty()
        && agents.isEmpty()
        && stores.isEmpty()
        && places.isEmpty()
        && terminal.isEmpty();
  }

  /** The same with further folders. */
  public Lent withFolders(Map<String, Path> more) {
    Map<String, Path> all = new HashMap<>(folders);
    all.putAll(more);
    return new Lent(all, secrets, agents, stores, places, terminal);
  }
}
