package dev.kemas.registry.client;

import dev.kemas.oci.Digest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tokens that are good for a while, and what each registry asked for last, so that further work
 * there begins with the right thing to show. In memory only. Thread-safe.
 */
final class Tokens {
  /** More than a busy machine has in use; the rest is asked for again. */
  private static final int MOST = 1000;

  private record Token(String value, Instant until) {}

  private final Clock clock;
  private final Map<String, Token> tokens = new ConcurrentHashMap<>();
  private final Map<URI, Challenge> challenges = new ConcurrentHashMap<>();

  Tokens(Clock clock) {
    this.clock = clock;
  }

  /** What names a token; of the login only a digest is kept. */
  static String key(
      URI registry, Challenge challenge, SortedSet<String> scopes, RegistryLogin login) {
    String secret = login.username() + "\0" + login.password() + "\0" + login.identityToken();
    return String.join(
        " ",
        registry.toString(),
        challenge.parameter("realm"),
        challenge.parameter("service"),
        scopes.toString(),
        Digest.of(secret.getBytes(StandardCharsets.UTF_8)).hex());
  }

  Optional<String> get(String key) {
    return Optional.ofNullable(tokens.get(key))
        .filter(t -> clock.instant().isBefore(t.until()))
        .map(Token::value);
  }

  void put(String key, String token, long seconds) {
    if (tokens.size() >= MOST) {
      tokens.clear();
    }
    // a tenth less, so that a token does not end on the way to the registry
    tokens.put(key, new Token(token, clock.instant().plusMillis(seconds * 900)));
  }

  void forget(String key) {
    tokens.remove(key);
  }

  Optional<Challenge> challenge(URI registry) {
    return Optional.ofNullable(challenges.get(registry));
  }

  void remember(URI registry, Challenge challenge) {
    if (challenges.size() >= MOST) {
      challenges.clear();
    }
    challenges.put(registry, challenge);
  }
}
