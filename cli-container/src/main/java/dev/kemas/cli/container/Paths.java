package dev.kemas.cli.container;

import dev.kemas.api.client.Request;

/** Paths of the API that name a container. */
final class Paths {
  private Paths() {}

  /** {@code /containers/NAME/rest}. */
  static String of(String container, String rest) {
    return "/containers/" + Request.encode(container) + "/" + rest;
  }

  /** {@code /containers/NAME}. */
  static String of(String container) {
    return "/containers/" + Request.encode(container);
  }
}
