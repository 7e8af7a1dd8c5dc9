package dev.kemas.registry.server.auth;

import dev.kemas.registry.server.repository.ErrorCode;
import dev.kemas.registry.server.repository.Refusal;
import dev.kemas.registry.server.repository.RepositoryName;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Lets requests in, or says what would let them in. Thread-safe. */
public final class Gate {
  private final Optional<Passwords> passwords;
  private final Optional<Tokens> tokens;
  private final Optional<RefreshTokens> refreshes;
  private final Rights rights;

  /**
   * Checks passwords, or tokens that are given for passwords.
   *
   * @param passwords empty where nobody has one
   * @param tokens what gives them; empty where passwords come with each request
   */
  public Gate(Optional<Passwords> passwords, Optional<Tokens> tokens, Rights rights) {
    this.passwords = passwords;
    this.tokens = tokens;
    this.refreshes = tokens.flatMap(of -> passwords.map(of::refreshes));
    this.rights = rights;
  }

  /**
   * Who asks, and with what.
   *
   * @param user empty for who is not known
   * @param grant of a token; empty where rights are looked up
   * @param origin scheme and host, as the client knows this server
   */
  public record Visitor(
      Optional<String> user, Optional<Tokens.Grant> grant, String origin, boolean known) {}

  /**
   * Reads the credentials of a request.
   *
   * @param authorization the header
   * @throws Refusal {@code UNAUTHORIZED} when they are wrong
   */
  public Visitor visitor(Optional<String> authorization, String origin) {
    Visitor nobody = new Visitor(Optional.empty(), Optional.empty(), origin, false);
    if (passwords.isEmpty() || authorization.isEmpty()) {
      return nobody;
    }
    String[] parts = authorization.get().strip().split(" +", 2);
    String scheme = parts[0].toLowerCase(Locale.ROOT);
    if (parts.length == 2 && scheme.equals("bearer") && tokens.isPresent()) {
      Tokens.Grant grant =
          tokens
              .get()
              .verify(parts[1])
              .orElseThrow(
                  () -> unauthorized(nobody, "", "the token is not valid, or not any more"));
      return new Visitor(grant.user(), Optional.of(grant), origin, true);
    }
    if (parts.length == 2 && scheme.equals("basic")) {
      String user = login(parts[1]).orElseThrow(() -> wrongPassword(nobody));
      return new Visitor(Optional.of(user), Optional.empty(), origin, true);
    }
    throw unauthorized(nobody, "", "want other credentials than " + scheme);
  }

  private Refusal wrongPassword(Visitor visitor) {
    return unauthorized(visitor, "", "unauthorized: incorrect username or password");
  }

  /** The user of basic credentials (RFC 7617); empty when they are wrong. */
  private Optional<String> login(String encoded) {
    try {
      String text = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      if (colon < 0) {
        return Optional.empty();
      }
      return login(text.substring(0, colon), text.substring(colon + 1));
    } catch (IllegalArgumentException noBase64) {
      return Optional.empty();
    }
  }

  private Optional<String> login(String user, String password) {
    return passwords.filter(p -> p.matches(user, password)).map(p -> user);
  }

  /** Whether something may be done. */
  public boolean allows(Visitor visitor, RepositoryName name, Action action) {
    return visitor.grant().isPresent()
        ? visitor.grant().get().allows(name.text(), action)
        : rights.of(visitor.user(), name).contains(action);
  }

  /** Whether a repository is shown in lists: also to a token for another one. */
  public boolean shows(Visitor visitor, RepositoryName name) {
    return rights.of(visitor.user(), name).contains(Action.PULL);
  }

  /**
   * Lets in, or not.
   *
   * @throws Refusal {@code UNAUTHORIZED} when other credentials may help, else {@code DENIED}
   */
  public void require(Visitor visitor, RepositoryName name, Action action) {
    if (allows(visitor, name, action)) {
      return;
    }
    String message =
        "requested access to the resource is denied: "
            + visitor.user().map(u -> "user " + u).orElse("without a login one")
            + " may not "
            + action.word()
            + " "
            + name;
    // who has a token for less may get one for more
    if (!visitor.known() || visitor.grant().isPresent()) {
      String scope =
          "repository:" + name + ":" + (action == Action.PUSH ? "pull,push" : action.word());
      throw unauthorized(visitor, scope, message);
    }
    throw new Refusal(
        ErrorCode.DENIED, message, Map.of("name", name.text(), "action", action.word()));
  }

  /**
   * Lets in who is known; who is not only where passwords come with each request and there is
   * something to see without one.
   */
  public void requireKnown(Visitor visitor) {
    boolean open = tokens.isEmpty() && rights.knowsAnonymous();
    if (!visitor.known() && !open) {
      throw unauthorized(visitor, "", "authentication required");
    }
  }

  private Refusal unauthorized(Visitor visitor, String scope, String message) {
    String challenge =
        tokens
            .map(t ->
                "Bearer realm=\""
                    + visitor.origin()
                    + "/token\",service=\""
                    + t.service()
                    + "\""
                    + (scope.isEmpty() ? "" : ",scope=\"" + scope + "\""))
            .orElse("Basic realm=\"kemas registry\"");
    return new Refusal(ErrorCode.UNAUTHORIZED, message, Map.of("challenge", challenge));
  }

  /**
   * What a client wants a token with and for.
   *
   * @param user with a password in a form; empty where they come in the header, or none comes
   * @param refresh a refresh token
   * @param offline whether a refresh token is wanted
   * @param scopes such as {@code repository:team/app:pull,push}
   */
  public record TokenRequest(
      Optional<String> authorization,
      Optional<String> user,
      Optional<String> password,
      Optional<String> refresh,
      boolean offline,
      List<String> scopes) {}

  /**
   * Gives a token for a password, for a refresh token, or for none.
   *
   * @return the answer of the token endpoint; empty where there are no tokens
   * @throws Refusal {@code UNAUTHORIZED} when the password or the refresh token is wrong
   */
  public Optional<Map<String, Object>> token(TokenRequest request, String origin) {
    if (tokens.isEmpty()) {
      return Optional.empty();
    }
    Visitor nobody = new Visitor(Optional.empty(), Optional.empty(), origin, false);
    Optional<String> who;
    if (request.refresh().isPresent()) {
      who = refreshes.flatMap(all -> all.user(request.refresh().get()));
      if (who.isEmpty()) {
        throw unauthorized(nobody, "", "the refresh token is not valid any more: log in again");
      }
    } else if (request.user().isPresent() && request.password().isPresent()) {
      who = login(request.user().get(), request.password().get());
      if (who.isEmpty()) {
        throw wrongPassword(nobody);
      }
    } else {
      // a token gives no other token, else it would never end
      Optional<String> basic =
          request.authorization().filter(a -> !a.toLowerCase(Locale.ROOT).startsWith("bearer"));
      who = visitor(basic, origin).user();
    }
    Optional<String> refresh =
        request.offline()
            ? request.refresh().or(() -> who.flatMap(u -> refreshes.map(all -> all.issue(u))))
            : request.refresh();
    return Optional.of(
        tokens
            .get()
            .answer(new Tokens.Grant(who, Tokens.access(request.scopes(), who, rights)), refresh));
  }

  /** Forgets keys and refresh tokens that nobody uses any more. */
  public void tidy() {
    tokens.ifPresent(Tokens::tidy);
    refreshes.ifPresent(RefreshTokens::tidy);
  }
}
