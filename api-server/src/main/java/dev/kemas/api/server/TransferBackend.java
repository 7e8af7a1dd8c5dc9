package dev.kemas.api.server;

import dev.kemas.api.RegistryLogin;
import dev.kemas.oci.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/** What the endpoints that bring images in and out need. */
public interface TransferBackend {
  /**
   * A file system that becomes an image.
   *
   * @param source {@code -} for the body, else an address
   * @param reference absent: without a name
   * @param changes instructions of a Dockerfile
   */
  record Import(
      String source,
      Optional<String> reference,
      String message,
      List<String> changes,
      Optional<Platform> platform) {}

  /**
   * A base image made of the host's packages.
   *
   * @param mirror absent: the host's own
   * @param suite absent: as the reference says
   * @param include further packages
   */
  record Bootstrap(
      String reference,
      Optional<String> mirror,
      Optional<String> suite,
      List<String> include,
      Optional<Platform> platform) {}

  /** Gets one from its registry; with neither tag nor digest all of a repository. */
  void pull(String reference, Optional<Platform> platform, RegistryLogin login, Progress progress);

  /** Brings one to its registry; without a tag all of a repository. */
  void push(String reference, Optional<Platform> platform, RegistryLogin login, Progress progress);

  /** Takes images out of an archive of Docker's or OCI's form. */
  void load(InputStream archive, boolean quiet, Progress progress) throws IOException;

  /** Makes one of a file system. */
  void importFrom(Import what, InputStream body, Progress progress) throws IOException;

  /** Makes a base image. */
  void bootstrap(Bootstrap what, Progress progress);

  /**
   * Refuses what cannot be saved, before the answer begins.
   *
   * @throws dev.kemas.fault.Fault.NotFound for an unknown image
   */
  void requireAll(List<String> images);

  /** Writes an archive that both Docker and OCI tools read. */
  void save(List<String> images, OutputStream to) throws IOException;
}
