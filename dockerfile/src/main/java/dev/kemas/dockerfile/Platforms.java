package dev.kemas.dockerfile;

import java.util.Set;

/** The platform arguments that are there without an ARG in the global scope. */
final class Platforms {
  /** Dockerfile reference, "Automatic platform ARGs in the global scope". */
  static final Set<String> AUTOMATIC =
      Set.of(
          "TARGETPLATFORM",
          "TARGETOS",
          "TARGETOSVERSION",
          "TARGETARCH",
          "TARGETVARIANT",
          "BUILDPLATFORM",
          "BUILDOS",
          "BUILDOSVERSION",
          "BUILDARCH",
          "BUILDVARIANT",
          "TARGETSTAGE");

  private Platforms() {}
}
