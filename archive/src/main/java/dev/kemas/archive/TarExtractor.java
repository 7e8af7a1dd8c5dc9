package dev.kemas.archive;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.Resolution;
import dev.kemas.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Extracts an archive into a folder that is not a layer: a build context, {@code docker cp}, {@code
 * ADD} of a local archive. The rules for names are those of {@link LayerApplier}, but symbolic
 * links that were there before are followed beneath the root, as a process in it would; names with
 * {@code .wh.} have no meaning.
 */
public final class TarExtractor {
  /**
   * How to extract.
   *
   * @param limits against archives made to exhaust
   * @param devices whether device nodes are made; else an archive that has one is refused
   * @param owner who owns everything; empty for what the archive says
   * @param keepKinds refuse to put a file where a directory is, or a directory where a file is
   */
  public record Options(Limits limits, boolean devices, Optional<Owner> owner, boolean keepKinds) {
    /** For a build context: no devices, all of it root's. */
    public static Options context(Limits limits) {
      return new Options(limits, false, Optional.of(Owner.ROOT), false);
    }
  }

  /**
   * What was extracted.
   *
   * @param entries how many entries
   * @param content bytes of the files
   */
  public record Extracted(long entries, long content) {}

  private final Options options;

  /** Extracts in this way. */
  public TarExtractor(Options options) {
    this.options = options;
  }

  /**
   * Extracts an archive, compressed or not. The stream is not closed.
   *
   * @param root what no name leads out of
   * @param folder an existing folder beneath the root that names start at; empty for the root.
   *     Symbolic links in it are followed beneath the root
   * @throws Fault.NotFound when the folder is not there
   * @throws Fault.InvalidArgument when the archive is malformed, tries to leave the folder or holds
   *     what the options forbid; the message names the entry. What was extracted before it stays
   * @throws Fault.Conflict for {@link Options#keepKinds}
   * @throws Fault.DataLoss when it ends too early; the file it ended in is removed
   * @throws Fault.ResourceExhausted when a limit is passed or the disk is full
   * @throws IOException what reading the stream threw
   */
  public Extracted extract(InputStream archive, Path root, String folder) throws IOException {
    Compression.Decompressed plain = Compression.open(archive, options.limits());
    LinkPolicy links = new LinkPolicy(true);
    try (Prefetch pieces =
            new Prefetch(plain.stream(), Prefetch.Hash.NOWHERE, Digest.sha256Hasher());
        Directory top = Directory.open(root);
        Directory start = Resolution.IN_ROOT.open(top, folder);
        Cursor cursor = new Cursor(start, false, links)) {
      TarReader reader = new TarReader(plain.stream(), pieces, options.limits());
      EntryPlacer placer =
          new EntryPlacer(
              cursor,
              links,
              reader,
              new EntryPlacer.Rules(
                  LayerApplier.AbsoluteNames.REFUSE,
                  options.devices(),
                  options.owner(),
                  options.keepKinds(),
                  false));
      long entries = 0;
      long content = 0;
      for (Optional<TarEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
        TarEntry entry = next.get();
        placer.place(
            entry, EntryName.of(entry.name(), "archive entry", LayerApplier.AbsoluteNames.REFUSE));
        entries++;
        content += entry.size();
      }
      cursor.finish();
      // to the end, so that whoever sends the archive is not cut off in its padding
      pieces.drain();
      return new Extracted(entries, content);
    } catch (IOException e) {
      throw Streams.unwrapped(e);
    }
  }
}
