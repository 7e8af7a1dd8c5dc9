package dev.kemas.registry.server.repository;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import java.util.Optional;

/** The keys of a registry's records; {@code docs/formats.md} describes what lies at each. */
final class Keys {
  /** Below it one record for each repository, its slashes replaced. */
  static final String CATALOG = "catalog";

  private static final String REPOSITORIES = "repositories/";

  private Keys() {}

  static String catalog(RepositoryName name) {
    return CATALOG + "/" + name.text().replace('/', ':');
  }

  static String nameInCatalog(String entry) {
    return entry.replace(':', '/');
  }

  static String blobs(RepositoryName name) {
    return REPOSITORIES + name + "/_blobs";
  }

  static String blob(RepositoryName name, Digest digest) {
    return blobs(name) + "/" + word(digest);
  }

  static String manifests(RepositoryName name) {
    return REPOSITORIES + name + "/_manifests";
  }

  static String manifest(RepositoryName name, Digest digest) {
    return manifests(name) + "/" + word(digest);
  }

  static String tags(RepositoryName name) {
    return REPOSITORIES + name + "/_tags";
  }

  static String tag(RepositoryName name, String tag) {
    return tags(name) + "/" + tag;
  }

  static String referrers(RepositoryName name, Digest subject) {
    return REPOSITORIES + name + "/_referrers/" + word(subject);
  }

  static String referrer(RepositoryName name, Digest subject, Digest manifest) {
    return referrers(name, subject) + "/" + word(manifest);
  }

  static String uploads(RepositoryName name) {
    return REPOSITORIES + name + "/_uploads";
  }

  static String upload(RepositoryName name, String id) {
    return uploads(name) + "/" + id;
  }

  /** A digest as a segment of a key: a colon is not welcome in all file systems. */
  static String word(Digest digest) {
    return digest.algorithm() + "-" + digest.hex();
  }

  /** Empty for a file that somebody else has put there. */
  static Optional<Digest> digest(String word) {
    try {
      return Optional.of(Digest.parse(word.replace('-', ':')));
    } catch (Fault.InvalidArgument e) {
      return Optional.empty();
    }
  }
}
