package dev.kemas.cli.build;

import dev.kemas.dockerfile.IgnoreFile;
import dev.kemas.fault.Fault;
import dev.kemas.flag.UsageError;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A folder on its way to the engine: everything in it that {@code .dockerignore} does not name,
 * read as it is sent. Owners become root, as Docker's own client does, so that a cache does not
 * depend on who builds.
 */
final class Context {
  private static final int BUFFER = 64 * 1024;
  private static final int PERMISSIONS = 0_7777;

  private final Path root;
  private final IgnoreFile ignore;
  private final String kept;
  private final Map<Object, String> linked = new HashMap<>();
  private final byte[] buffer = new byte[BUFFER];

  /**
   * @param kept the path of the Dockerfile beneath the root, which is sent whatever is ignored; ""
   *     if it lies elsewhere
   */
  Context(Path root, String kept) {
    this.root = root;
    this.kept = kept;
    this.ignore = ignoreFile(root, kept);
  }

  private static IgnoreFile ignoreFile(Path root, String dockerfile) {
    // a Dockerfile may have an ignore file of its own beside it
    Path own = root.resolve(dockerfile + ".dockerignore");
    Path file =
        !dockerfile.isEmpty() && Files.isRegularFile(own) ? own : root.resolve(".dockerignore");
    try {
      return IgnoreFile.parse(Files.readString(file, StandardCharsets.UTF_8));
    } catch (NoSuchFileException none) {
      return IgnoreFile.NONE;
    } catch (IOException | Fault.InvalidArgument e) {
      throw new UsageError("error reading " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Writes the archive.
   *
   * @param dockerfile a Dockerfile from elsewhere: its name in the archive and its text
   */
  void writeTo(OutputStream out, Optional<Map.Entry<String, byte[]>> dockerfile)
      throws IOException {
    TarWriter tar = new TarWriter(out);
    folder(root, "", (path, name) -> member(tar, out, path, name));
    if (dockerfile.isPresent()) {
      byte[] text = dockerfile.get().getValue();
      tar.header(
          new TarWriter.Entry(dockerfile.get().getKey(), '0', 0600, 0, 0, 0, text.length, ""));
      out.write(text);
      tar.pad(text.length);
    }
    tar.finish();
  }

  /** When the youngest file of all that is sent was changed, in seconds since 1970. */
  long newest() throws IOException {
    long[] newest = new long[1];
    folder(
        root,
        "",
        (path, name) -> {
          if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            newest[0] = Math.max(newest[0], Files.getLastModifiedTime(path).toMillis() / 1000);
          }
        });
    return newest[0];
  }

  /** Is told what is sent. */
  private interface Visitor {
    void member(Path path, String name) throws IOException;
  }

  private void folder(Path folder, String prefix, Visitor visitor) throws IOException {
    List<Path> members = new ArrayList<>();
    try (DirectoryStream<Path> listing = Files.newDirectoryStream(folder)) {
      for (Path member : listing) {
        members.add(member);
      }
    }
    members.sort(null);
    for (Path member : members) {
      String name = prefix + member.getFileName();
      boolean wanted = isSent(name);
      if (Files.isDirectory(member, LinkOption.NOFOLLOW_LINKS)) {
        boolean holdsKept = kept.startsWith(name + "/");
        if (wanted || holdsKept) {
          visitor.member(member, name);
        }
        if (wanted || holdsKept || !ignore.ignoresAllIn(name)) {
          folder(member, name + "/", visitor);
        }
      } else if (wanted) {
        visitor.member(member, name);
      }
    }
  }

  private boolean isSent(String name) {
    return name.equals(kept) || name.equals(".dockerignore") || !ignore.ignores(name);
  }

  private void member(TarWriter tar, OutputStream out, Path path, String name) throws IOException {
    Map<String, Object> facts =
        Files.readAttributes(
            path, "unix:mode,size,lastModifiedTime,nlink,fileKey", LinkOption.NOFOLLOW_LINKS);
    int mode = (Integer) fact(facts, "mode");
    long mtime = ((FileTime) fact(facts, "lastModifiedTime")).toMillis() / 1000;
    int permissions = mode & PERMISSIONS;
    switch (mode & 0170000) {
      case 0040000 -> tar.header(entry(name + "/", '5', permissions, mtime, 0, ""));
      case 0120000 -> {
        String target = Files.readSymbolicLink(path).toString();
        tar.header(entry(name, '2', 0777, mtime, 0, target));
      }
      case 0100000 -> {
        Object key = fact(facts, "fileKey");
        String first = (Integer) fact(facts, "nlink") > 1 ? linked.putIfAbsent(key, name) : null;
        if (first != null) {
          tar.header(entry(name, '1', permissions, mtime, 0, first));
        } else {
          file(
              tar, out, path, entry(name, '0', permissions, mtime, (Long) fact(facts, "size"), ""));
        }
      }
      case 0010000 -> tar.header(entry(name, '6', permissions, mtime, 0, ""));
      // sockets and devices have no place in an image's sources
      default -> {}
    }
  }

  private static Object fact(Map<String, Object> facts, String name) {
    return Objects.requireNonNull(facts.get(name), name);
  }

  private static TarWriter.Entry entry(
      String name, char type, int mode, long mtime, long size, String link) {
    return new TarWriter.Entry(name, type, mode, 0, 0, mtime, size, link);
  }

  private void file(TarWriter tar, OutputStream out, Path path, TarWriter.Entry entry)
      throws IOException {
    tar.header(entry);
    long left = entry.size();
    try (InputStream in = Files.newInputStream(path)) {
      while (left > 0) {
        int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (count < 0) {
          throw new IOException(path + " became shorter while it was read");
        }
        out.write(buffer, 0, count);
        left -= count;
      }
    }
    tar.pad(entry.size());
  }
}
