package dev.kemas.registry.server.http;

import dev.kemas.registry.server.repository.RepositoryName;
import java.util.Locale;
import java.util.Optional;

/** What a path of the distribution API names (distribution-spec, "Endpoints"). */
public sealed interface Route {
  /** In a word, for figures. */
  default String what() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** The tag, digest or id of what is meant. */
  default Optional<String> reference() {
    return Optional.empty();
  }

  /** {@code /v2/}: whether the API is there. */
  record Base() implements Route {}

  /** {@code /v2/_catalog}. */
  record Catalog() implements Route {}

  /** {@code /v1/search}. */
  record Search() implements Route {}

  /** {@code /v1/_ping}. */
  record Ping() implements Route {}

  /** {@code /metrics}. */
  record Metrics() implements Route {}

  /** {@code /token}. */
  record Token() implements Route {}

  /** What belongs to one repository. */
  sealed interface OfRepository extends Route {
    /** Which one. */
    RepositoryName name();
  }

  /** {@code /v2/<name>/tags/list}. */
  record Tags(RepositoryName name) implements OfRepository {}

  /** {@code /v2/<name>/manifests/<reference>}. */
  record Manifest(RepositoryName name, String tagOrDigest) implements OfRepository {
    @Override
    public Optional<String> reference() {
      return Optional.of(tagOrDigest);
    }
  }

  /** {@code /v2/<name>/referrers/<digest>}. */
  record Referrers(RepositoryName name, String digest) implements OfRepository {
    @Override
    public Optional<String> reference() {
      return Optional.of(digest);
    }
  }

  /** {@code /v2/<name>/blobs/<digest>}. */
  record Blob(RepositoryName name, String digest) implements OfRepository {
    @Override
    public Optional<String> reference() {
      return Optional.of(digest);
    }
  }

  /** {@code /v2/<name>/blobs/uploads/}. */
  record Uploads(RepositoryName name) implements OfRepository {}

  /** {@code /v2/<name>/blobs/uploads/<id>}. */
  record Upload(RepositoryName name, String id) implements OfRepository {
    @Override
    public Optional<String> reference() {
      return Optional.of(id);
    }
  }

  /**
   * Reads a decoded path; empty when it is none of the API's.
   *
   * @throws dev.kemas.registry.server.repository.Refusal {@code NAME_INVALID}
   */
  static Optional<Route> parse(String path) {
    return switch (path) {
      case "/v2", "/v2/" -> Optional.of(new Base());
      case "/v2/_catalog" -> Optional.of(new Catalog());
      case "/v1/search" -> Optional.of(new Search());
      case "/v1/_ping" -> Optional.of(new Ping());
      case "/metrics" -> Optional.of(new Metrics());
      case "/token" -> Optional.of(new Token());
      default -> path.startsWith("/v2/") ? ofRepository(path.substring(4)) : Optional.empty();
    };
  }

  private static Optional<Route> ofRepository(String path) {
    int last = path.lastIndexOf('/');
    if (last < 0) {
      return Optional.empty();
    }
    String word = path.substring(last + 1);
    String before = path.substring(0, last);
    if (before.endsWith("/blobs/uploads")) {
      RepositoryName name = name(before, "/blobs/uploads");
      return Optional.of(word.isEmpty() ? new Uploads(name) : new Upload(name, word));
    }
    if (before.endsWith("/blobs")) {
      RepositoryName name = name(before, "/blobs");
      // the specification has a slash at the end, clients without one are known
      return Optional.of(word.equals("uploads") ? new Uploads(name) : new Blob(name, word));
    }
    if (before.endsWith("/manifests")) {
      return Optional.of(new Manifest(name(before, "/manifests"), word));
    }
    if (before.endsWith("/referrers")) {
      return Optional.of(new Referrers(name(before, "/referrers"), word));
    }
    if (before.endsWith("/tags") && word.equals("list")) {
      return Optional.of(new Tags(name(before, "/tags")));
    }
    return Optional.empty();
  }

  private static RepositoryName name(String path, String end) {
    return new RepositoryName(path.substring(0, path.length() - end.length()));
  }
}
