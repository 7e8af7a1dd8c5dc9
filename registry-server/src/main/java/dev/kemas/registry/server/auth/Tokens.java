package dev.kemas.registry.server.auth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import dev.kemas.registry.store.Records;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tokens that say what their bearer may do (RFC 7519, RFC 7515; the distribution project's "Token
 * Authentication Specification"). Each server signs with a key that it makes at its start and never
 * stores; it writes down the public half, so that every server on the same store believes it.
 * Thread-safe.
 */
public final class Tokens {
  /** How long a token is good for. */
  public static final Duration LIFE = Duration.ofMinutes(5);

  /** How long a key is kept that its server has not said to be in use. */
  private static final Duration KEY_LIFE = Duration.ofDays(7);

  /** So often a server says that its key is in use. */
  private static final Duration KEY_RENEWAL = Duration.ofDays(1);

  /** Where public keys lie. */
  public static final String KEYS = "keys";

  private static final String ISSUER = "kemas";
  private static final Base64.Encoder TO = Base64.getUrlEncoder().withoutPadding();

  private final Records records;
  private final Clock clock;
  private final String service;
  private final KeyPair own;
  private final String keyId;
  private final Map<String, PublicKey> known = new ConcurrentHashMap<>();
  private volatile Instant writtenAt;

  /**
   * Makes a key.
   *
   * @param service whose tokens these are; other registries' tokens are refused
   */
  public Tokens(Records records, Clock clock, String service) {
    this.records = records;
    this.clock = clock;
    this.service = service;
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      this.own = generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new Fault.Internal("this Java runtime lacks elliptic curves", e);
    }
    this.keyId = Digest.of(own.getPublic().getEncoded()).hex().substring(0, 32);
    this.writtenAt = clock.instant();
    publish();
  }

  private void publish() {
    records.write(KEYS + "/" + keyId, own.getPublic().getEncoded());
  }

  /** What clients keep to get these tokens with. */
  RefreshTokens refreshes(Passwords passwords) {
    return new RefreshTokens(records, passwords, clock);
  }

  /** Forgets the keys of servers that are gone; their tokens are long over. */
  void tidy() {
    Instant old = clock.instant().minus(KEY_LIFE);
    for (Records.Entry key : records.list(KEYS, "", Integer.MAX_VALUE)) {
      if (key.writtenAt().isBefore(old) && !key.name().equals(keyId)) {
        records.delete(KEYS + "/" + key.name());
        known.remove(key.name());
      }
    }
  }

  /**
   * What a token says.
   *
   * @param user empty for who is not known
   * @param access names of repositories and what may be done with them
   */
  public record Grant(Optional<String> user, Map<String, Set<Action>> access) {
    /** Whether this may be done. */
    boolean allows(String repository, Action action) {
      return access.getOrDefault(repository, Set.of()).contains(action);
    }
  }

  /** The name of the registry in challenges. */
  String service() {
    return service;
  }

  /** Signs a token. */
  public String issue(Grant grant) {
    Instant now = clock.instant();
    if (writtenAt.plus(KEY_RENEWAL).isBefore(now)) {
      writtenAt = now;
      publish();
    }
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", ISSUER);
    claims.put("sub", grant.user().orElse(""));
    claims.put("aud", service);
    claims.put("iat", now.getEpochSecond());
    claims.put("nbf", now.minusSeconds(10).getEpochSecond());
    claims.put("exp", now.plus(LIFE).getEpochSecond());
    claims.put("jti", UUID.randomUUID().toString());
    claims.put(
        "access",
        grant.access().entrySet().stream()
            .map(entry ->
                Map.of(
                    "type",
                    "repository",
                    "name",
                    entry.getKey(),
                    "actions",
                    entry.getValue().stream().map(Action::word).toList()))
            .toList());
    String text = encode(Map.of("alg", "ES256", "typ", "JWT", "kid", keyId)) + "." + encode(claims);
    try {
      Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(own.getPrivate());
      signature.update(text.getBytes(StandardCharsets.US_ASCII));
      return text + "." + TO.encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new Fault.Internal("cannot sign a token", e);
    }
  }

  private static String encode(Object value) {
    return TO.encodeToString(Json.write(value));
  }

  /** What a token says; empty when it is not one of ours, or not good any more. */
  public Optional<Grant> verify(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      JsonNode header = decode(parts[0]);
      Optional<PublicKey> key = key(header.path("kid").asText());
      if (key.isEmpty() || !header.path("alg").asText().equals("ES256")) {
        return Optional.empty();
      }
      Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initVerify(key.get());
      signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
      if (!signature.verify(Base64.getUrlDecoder().decode(parts[2]))) {
        return Optional.empty();
      }
      return grant(decode(parts[1]));
    } catch (GeneralSecurityException | IOException | IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }

  private static JsonNode decode(String part) throws IOException {
    return Json.mapper().readTree(Base64.getUrlDecoder().decode(part));
  }

  private Optional<Grant> grant(JsonNode claims) {
    long now = clock.instant().getEpochSecond();
    if (!claims.path("iss").asText().equals(ISSUER)
        || !claims.path("aud").asText().equals(service)
        || claims.path("exp").asLong() <= now
        || claims.path("nbf").asLong() > now) {
      return Optional.empty();
    }
    Map<String, Set<Action>> access = new LinkedHashMap<>();
    for (JsonNode entry : claims.path("access")) {
      Set<Action> actions = EnumSet.noneOf(Action.class);
      entry.path("actions").forEach(word -> Action.of(word.asText()).ifPresent(actions::add));
      access.put(entry.path("name").asText(), actions);
    }
    String user = claims.path("sub").asText();
    return Optional.of(new Grant(user.isEmpty() ? Optional.empty() : Optional.of(user), access));
  }

  private Optional<PublicKey> key(String id) throws GeneralSecurityException {
    PublicKey cached = known.get(id);
    if (cached != null) {
      return Optional.of(cached);
    }
    if (!id.matches("[0-9a-f]{32}")) {
      return Optional.empty();
    }
    Optional<Records.Value> half = records.read(KEYS + "/" + id);
    if (half.isEmpty()) {
      return Optional.empty();
    }
    PublicKey key =
        KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(half.get().bytes()));
    known.put(id, key);
    return Optional.of(key);
  }

  /**
   * The answer of the token endpoint.
   *
   * @param refresh what the client gets the next token with, if it wants that
   */
  Map<String, Object> answer(Grant grant, Optional<String> refresh) {
    String token = issue(grant);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("token", token);
    answer.put("access_token", token);
    answer.put("expires_in", LIFE.toSeconds());
    answer.put("issued_at", clock.instant().toString());
    refresh.ifPresent(text -> answer.put("refresh_token", text));
    return answer;
  }

  /**
   * What somebody gets of what they ask for.
   *
   * @param scopes such as {@code repository:team/app:pull,push}; others are left out
   */
  static Map<String, Set<Action>> access(
      List<String> scopes, Optional<String> user, Rights rights) {
    Map<String, Set<Action>> access = new LinkedHashMap<>();
    for (String scope : scopes) {
      int last = scope.lastIndexOf(':');
      if (!scope.startsWith("repository:") || last <= "repository:".length()) {
        continue;
      }
      String name = scope.substring("repository:".length(), last);
      Set<Action> wanted = EnumSet.noneOf(Action.class);
      for (String word : scope.substring(last + 1).split(",", -1)) {
        if (word.equals("*")) {
          wanted.addAll(EnumSet.allOf(Action.class));
        }
        Action.of(word).ifPresent(wanted::add);
      }
      wanted.retainAll(
          rights.of(user, new dev.kemas.registry.server.repository.RepositoryName(name)));
      access.merge(
          name,
          wanted,
          (one, more) -> {
            Set<Action> all = EnumSet.copyOf(more);
            all.addAll(one);
            return all;
          });
    }
    return access;
  }
}
