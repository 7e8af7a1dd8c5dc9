package dev.kemas.archive;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Directory;
import dev.kemas.linux.FileType;
import dev.kemas.linux.RootDir;
import dev.kemas.linux.Stat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Packs a folder, or what lies at a path, into a tar archive, sorted by name: the CLI's build
 * context, {@code docker cp}. Safe for use by several threads.
 */
public final class TreePacker {
  /** Says what goes into the archive. */
  @FunctionalInterface
  public interface Filter {
    /** Takes everything. */
    Filter ALL = (path, type) -> Verdict.TAKE;

    /** What becomes of an entry. */
    enum Verdict {
      /** It goes in. */
      TAKE,
      /** Left out with all beneath it. */
      SKIP,
      /** A folder that is left out unless something beneath it goes in. */
      LOOK_INSIDE
    }

    /**
     * Decides about one entry.
     *
     * @param path relative to the root, without a leading or trailing slash
     */
    Verdict verdict(String path, FileType type);
  }

  /**
   * How to pack.
   *
   * @param owner who owns everything in the archive; empty for the real owners
   * @param xattrs whether extended attributes are packed
   */
  public record Options(Filter filter, Optional<Owner> owner, boolean xattrs) {
    /** For a build context, as the docker CLI makes it: all of it root's, no attributes. */
    public static Options context(Filter filter) {
      return new Options(filter, Optional.of(Owner.ROOT), false);
    }

    /** Everything as it is. */
    public static Options exact() {
      return new Options(Filter.ALL, Optional.empty(), true);
    }
  }

  private final Options options;

  /** Packs in this way. */
  public TreePacker(Options options) {
    this.options = options;
  }

  /**
   * Packs what is beneath a folder, the folder itself left out. The stream is not closed.
   *
   * @return how many entries
   * @throws Fault.NotFound when the folder is not there
   * @throws IOException what writing the stream threw
   */
  public long pack(Path root, OutputStream out) throws IOException {
    TarWriter writer = new TarWriter(out);
    TreeEmitter emitter = new TreeEmitter(writer, options.owner(), options.xattrs());
    try (Directory top = Directory.open(root)) {
      new FilteredWalk(options.filter(), emitter).contents(top, "", "", 0);
    }
    writer.finish();
    return emitter.entries();
  }

  /**
   * A folder to be packed with others.
   *
   * @param as what it is called in the archive; empty when only what is beneath it goes in
   */
  public record Part(Path root, String as) {}

  /**
   * Packs several folders into one archive. Of those that are called the same the first one is the
   * folder, and the others' content is put beside what is in it. The stream is not closed.
   *
   * @return how many entries
   * @throws Fault.NotFound when one of them is not there
   * @throws IOException what writing the stream threw
   */
  public long pack(List<Part> parts, OutputStream out) throws IOException {
    TarWriter writer = new TarWriter(out);
    TreeEmitter emitter = new TreeEmitter(writer, options.owner(), options.xattrs());
    Set<String> begun = new HashSet<>();
    for (Part part : parts) {
      try (Directory top = Directory.open(part.root())) {
        if (!part.as().isEmpty() && begun.add(part.as())) {
          emitter.directory(top, part.as());
        }
        new FilteredWalk(options.filter(), emitter).contents(top, "", part.as(), 0);
      }
    }
    writer.finish();
    return emitter.entries();
  }

  /**
   * Packs what lies at a path and all beneath it. The stream is not closed.
   *
   * @param root what the path is resolved beneath
   * @param path symbolic links on the way are followed beneath the root; the last one is packed as
   *     a link
   * @param as its name in the archive; what lies beneath follows after a slash. Empty for a folder
   *     that is itself left out
   * @return how many entries
   * @throws Fault.NotFound when nothing is there
   * @throws IOException what writing the stream threw
   */
  public long pack(Path root, String path, String as, OutputStream out) throws IOException {
    TarWriter writer = new TarWriter(out);
    TreeEmitter emitter = new TreeEmitter(writer, options.owner(), options.xattrs());
    FilteredWalk walk = new FilteredWalk(options.filter(), emitter);
    try (RootDir top = RootDir.open(root)) {
      if (as.isEmpty() || isFolder(path)) {
        try (Directory folder = top.openDirectory(path)) {
          if (!as.isEmpty()) {
            emitter.directory(folder, as);
          }
          walk.contents(folder, "", as, 0);
        }
      } else {
        RootDir.Place place = top.at(path);
        FileType type =
            place
                .directory()
                .stat(place.name())
                .map(Stat::type)
                .orElseThrow(
                    () -> new Fault.NotFound("path", path, "there is nothing at \"" + path + "\""));
        walk.entry(place.directory(), place.name(), type, "", as, 0);
      }
    }
    writer.finish();
    return emitter.entries();
  }

  /** Whether the path says that it means a folder, through a link if need be. */
  private static boolean isFolder(String path) {
    return path.isEmpty() || path.equals(".") || path.endsWith("/") || path.endsWith("/.");
  }
}
