package dev.kemas.image;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.snapshot.Fill;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an archive held: small documents in memory, layers on their way into the stores. Owned by
 * one thread; closing drops all layers that were not taken.
 */
final class ArchiveContent implements AutoCloseable {
  private static final int MAX_LINKS = 16;

  /** A layer of the archive. */
  sealed interface Entry extends AutoCloseable {
    LayerIntake.Arrived await() throws IOException;

    Optional<Fill> takeFill();

    @Override
    void close();
  }

  /** One that came with this archive. */
  record Incoming(LayerIntake intake) implements Entry {
    @Override
    public LayerIntake.Arrived await() throws IOException {
      return intake.await();
    }

    @Override
    public Optional<Fill> takeFill() {
      return intake.takeFill();
    }

    @Override
    public void close() {
      intake.close();
    }
  }

  /** One that an image here has already. */
  record Present(LayerIntake.Arrived arrived) implements Entry {
    @Override
    public LayerIntake.Arrived await() {
      return arrived;
    }

    @Override
    public Optional<Fill> takeFill() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }

  private final Map<String, byte[]> documents = new HashMap<>();
  private final Map<String, Entry> layers = new HashMap<>();
  private final Map<String, String> links = new HashMap<>();
  private final Set<String> others = new HashSet<>();

  boolean has(String name) {
    return documents.containsKey(name)
        || layers.containsKey(name)
        || links.containsKey(name)
        || others.contains(name);
  }

  void document(String name, byte[] content) {
    documents.put(name, content);
  }

  void layer(String name, Entry entry) {
    layers.put(name, entry);
  }

  void link(String name, String target) {
    links.put(name, target);
  }

  /** A file that is neither a document nor a tar archive. */
  void other(String name) {
    others.add(name);
  }

  Optional<byte[]> findDocument(String name) {
    return Optional.ofNullable(documents.get(follow(name)));
  }

  /**
   * @param name its name in the archive
   * @throws Fault.InvalidArgument when it is not there or too large to be one
   */
  byte[] document(String name) {
    return findDocument(name).orElseThrow(() -> missing(name, "a document"));
  }

  /** The document of a digest in the OCI layout. */
  byte[] document(Digest digest) {
    return document(blobName(digest));
  }

  Entry layer(String name) {
    Entry entry = layers.get(follow(name));
    if (entry == null) {
      throw missing(name, "a layer");
    }
    return entry;
  }

  static String blobName(Digest digest) {
    return "blobs/" + digest.algorithm() + "/" + digest.hex();
  }

  private Fault.InvalidArgument missing(String name, String what) {
    return new Fault.InvalidArgument(
        has(follow(name))
            ? "invalid image archive: \"" + name + "\" is not " + what
            : "invalid image archive: \"" + name + "\" is named in it but not there");
  }

  private String follow(String name) {
    String at = name;
    for (int i = 0; i < MAX_LINKS; i++) {
      String target = links.get(at);
      if (target == null) {
        return at;
      }
      at = target;
    }
    throw new Fault.InvalidArgument(
        "invalid image archive: \"" + name + "\" is a link that leads round in circles");
  }

  @Override
  public void close() {
    layers.values().forEach(Entry::close);
  }
}
