package dev.kemas.provenance;

import dev.kemas.oci.Digest;
import dev.kemas.oci.Platform;
import dev.kemas.oci.Reference;
import java.util.Optional;

/** Something that a build took in from elsewhere, named so that it can be got again. */
public sealed interface Material {

  /**
   * An image: a base, or one that files were copied from.
   *
   * @param digest of its manifest or index, as the name led to it
   */
  record Image(Reference name, Optional<Platform> platform, Digest digest) implements Material {}

  /**
   * A git repository.
   *
   * @param url with the reference that was asked for behind {@code #}, if there was one
   * @param commit 40 or 64 hex digits
   */
  record Git(String url, String commit) implements Material {}

  /** A file from the web. */
  record Http(String url, Digest digest) implements Material {}
}
