package dev.kemas.registry.server.auth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.registry.store.Records;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * What a client keeps in the place of a password, to get tokens with (RFC 6749, section 6; the
 * distribution project's "Oauth2 Token Authentication"). One is random, and good until its user has
 * another password or is gone, or until nobody used it for some time. The store has its hash only,
 * so that every server on it believes it, and who reads the store cannot use it. Thread-safe.
 */
final class RefreshTokens {
  /** How long one that nobody uses is good for. */
  static final Duration LIFE = Duration.ofDays(90);

  /** Where they lie. */
  static final String RECORDS = "refresh";

  /** So often it is written down that one was used. */
  private static final Duration RENEWAL = Duration.ofDays(1);

  private static final int BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Records records;
  private final Passwords passwords;
  private final Clock clock;

  RefreshTokens(Records records, Passwords passwords, Clock clock) {
    this.records = records;
    this.passwords = passwords;
    this.clock = clock;
  }

  /** One more for a user whose password was right. */
  String issue(String user) {
    byte[] random = new byte[BYTES];
    RANDOM.nextBytes(random);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    records.write(
        key(token), Json.write(Map.of("user", user, "password", passwords.version(user))));
    return token;
  }

  /** Whose it is; empty when it is not good, or not any more. */
  Optional<String> user(String token) {
    String key = key(token);
    Optional<Records.Value> record = records.read(key);
    if (record.isEmpty()) {
      return Optional.empty();
    }
    JsonNode known = read(record.get(), key);
    String user = known.path("user").asText();
    boolean samePassword = known.path("password").asText().equals(passwords.version(user));
    if (!samePassword || isOld(record.get().writtenAt(), LIFE)) {
      records.delete(key);
      return Optional.empty();
    }
    if (isOld(record.get().writtenAt(), RENEWAL)) {
      records.write(key, record.get().bytes());
    }
    return Optional.of(user);
  }

  private static JsonNode read(Records.Value record, String key) {
    try {
      return Json.mapper().readTree(record.bytes());
    } catch (IOException e) {
      throw new Fault.DataLoss("the record " + key + " is damaged: " + e.getMessage(), e);
    }
  }

  private boolean isOld(Instant writtenAt, Duration life) {
    return writtenAt.plus(life).isBefore(clock.instant());
  }

  /** Forgets those that nobody used for long. */
  void tidy() {
    for (Records.Entry entry : records.list(RECORDS, "", Integer.MAX_VALUE)) {
      if (isOld(entry.writtenAt(), LIFE)) {
        records.delete(RECORDS + "/" + entry.name());
      }
    }
  }

  private static String key(String token) {
    return RECORDS + "/" + Digest.of(token.getBytes(StandardCharsets.UTF_8)).hex();
  }
}
