package dev.kemas.registry.client;

/** What somebody wants to do in a repository (distribution's token scopes). */
public enum Access {
  PULL("pull"),
  PUSH("pull,push");

  private final String actions;

  Access(String actions) {
    this.actions = actions;
  }

  /** The scope that a token needs for it. */
  String scope(String path) {
    return "repository:" + path + ":" + actions;
  }
}
