/** Dockerfile text to instructions with source ranges, lint, and .dockerignore matching. */
module dev.kemas.dockerfile {
  requires static org.jspecify;
  requires transitive dev.kemas.fault;

  exports dev.kemas.dockerfile;
}
