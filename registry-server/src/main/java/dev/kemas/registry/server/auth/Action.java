package dev.kemas.registry.server.auth;

import java.util.Locale;
import java.util.Optional;

/** What is done to a repository, under the names that scopes of tokens have. */
public enum Action {
  PULL,
  PUSH,
  DELETE;

  /** As in a scope: {@code pull}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads a word of a scope or a rule. */
  static Optional<Action> of(String word) {
    for (Action action : values()) {
      if (action.word().equals(word)) {
        return Optional.of(action);
      }
    }
    return Optional.empty();
  }
}
