package dev.kemas.archive;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.oci.Digest;
import dev.kemas.snapshot.LayerTarget;
import dev.kemas.snapshot.WhiteoutFormat;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Lays a layer's archive down in a folder (image-spec, layer.md, "Applying Changesets"). Owner,
 * group, mode, times to the nanosecond and extended attributes are set as the archive has them.
 *
 * <p>An entry is refused, and with it the archive, when its name or the name that a hard link leads
 * to is absolute or has a {@code ..}, when a directory in its name is a symbolic link that leads
 * out of the root, or, for a hard link's target, any symbolic link. Nothing is ever written
 * outside. When it fails the folder is to be thrown away, as {@link dev.kemas.snapshot.Fill#close}
 * does, and the stream is to be closed.
 *
 * <p>Safe for use by several threads, each with another target.
 */
public final class LayerApplier {
  /** What to do with a name that begins with a slash. */
  public enum AbsoluteNames {
    /** Refuse the archive. */
    REFUSE,
    /** Take it as a name beneath the root: buildpacks write layers so. */
    BENEATH_ROOT
  }

  private final Limits limits;
  private final AbsoluteNames absoluteNames;

  /** Refuses absolute names. */
  public LayerApplier(Limits limits) {
    this(limits, AbsoluteNames.REFUSE);
  }

  /** Applies layers within these limits. */
  public LayerApplier(Limits limits, AbsoluteNames absoluteNames) {
    this.limits = limits;
    this.absoluteNames = absoluteNames;
  }

  /**
   * Applies a layer, compressed or not, to its last byte, hashing as it goes. The stream is not
   * closed.
   *
   * @throws Fault.InvalidArgument when the archive is malformed or tries to leave its root; the
   *     message names the entry
   * @throws Fault.DataLoss when it ends too early or its compressed form is damaged
   * @throws Fault.ResourceExhausted when a limit is passed or the disk is full
   * @throws IOException what reading the stream threw
   */
  public AppliedLayer apply(InputStream layer, LayerTarget target) throws IOException {
    return apply(layer, target, Optional.empty());
  }

  /**
   * The same without hashing, for when the diff id is known: the layer comes uncompressed out of a
   * store that has verified it.
   */
  public AppliedLayer apply(InputStream layer, LayerTarget target, Digest diffId)
      throws IOException {
    return apply(layer, target, Optional.of(diffId));
  }

  private AppliedLayer apply(InputStream layer, LayerTarget target, Optional<Digest> known)
      throws IOException {
    MessageDigest hash = Digest.sha256Hasher();
    Compression.Decompressed plain = Compression.open(layer, limits);
    Prefetch.Hash where =
        known.isPresent()
            ? Prefetch.Hash.NOWHERE
            : switch (plain.compression()) {
              case NONE, ZSTD -> Prefetch.Hash.AHEAD;
              case GZIP, XZ, BZIP2 -> Prefetch.Hash.BEHIND;
            };
    boolean overlay = target.whiteouts() == WhiteoutFormat.OVERLAY;
    LinkPolicy links = new LinkPolicy(!overlay);
    try (Prefetch pieces = new Prefetch(plain.stream(), where, hash);
        Directory root = Directory.open(target.root());
        Cursor cursor = new Cursor(root, overlay, links)) {
      TarReader reader = new TarReader(plain.stream(), pieces, limits);
      EntryPlacer placer =
          new EntryPlacer(
              cursor,
              links,
              reader,
              new EntryPlacer.Rules(absoluteNames, true, Optional.empty(), false, overlay));
      Whiteouts whiteouts = overlay ? new OverlayWhiteouts() : new PlainWhiteouts();
      long entries = 0;
      long content = 0;
      for (Optional<TarEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
        TarEntry entry = next.get();
        EntryName name = EntryName.of(entry.name(), "archive entry", absoluteNames);
        if (!whiteouts.handle(name, cursor)) {
          placer.place(entry, name);
          whiteouts.placed(name);
          content += entry.size();
        }
        entries++;
      }
      cursor.finish();
      pieces.drain();
      return new AppliedLayer(
          known.orElseGet(() -> Digest.sha256(hash.digest())),
          pieces.total(),
          content,
          entries,
          placer.lostXattrs(),
          plain.compression());
    } catch (IOException e) {
      throw Streams.unwrapped(e);
    }
  }
}
