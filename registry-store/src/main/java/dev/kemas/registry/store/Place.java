package dev.kemas.registry.store;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where a registry keeps its content. */
public sealed interface Place {
  /**
   * A folder of this machine, for one server.
   *
   * @param root made when it is not there
   */
  record Folder(Path root) implements Place {}

  /**
   * A bucket of an S3-compatible store, for any number of servers.
   *
   * @param place {@code s3://BUCKET/PREFIX}
   * @param endpoint of a store other than Amazon's
   * @param region where it is not the usual one
   * @param environment has the credentials, under Amazon's names
   */
  record Bucket(
      String place,
      Optional<URI> endpoint,
      Optional<String> region,
      Map<String, String> environment)
      implements Place {
    public Bucket {
      environment = Map.copyOf(environment);
    }

    /** Without the credentials. */
    @Override
    public String toString() {
      return place;
    }
  }
}
