package dev.kemas.build;

import dev.kemas.guard.SecretValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Secrets of the client, and which of them steps asked for: those are looked for in the result.
 * Values are held until the build is over. Safe for several threads.
 */
final class SeenSecrets implements Secrets {
  private final Secrets client;
  private final Map<String, SecretValue> seen = new TreeMap<>();

  SeenSecrets(Secrets client) {
    this.client = client;
  }

  @Override
  public Optional<byte[]> find(String id) {
    Optional<byte[]> value = client.find(id);
    synchronized (seen) {
      // a copy: who asked wipes what it got
      value.ifPresent(bytes -> seen.put(id, new SecretValue(id, bytes.clone())));
    }
    return value;
  }

  List<SecretValue> seen() {
    synchronized (seen) {
      return List.copyOf(seen.values());
    }
  }
}
