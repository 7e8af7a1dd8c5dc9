package dev.kemas.build;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Fetched files that are kept for the next build. Who takes one gets a further name of it, so that
 * what is kept can be removed at any time. Safe for several threads.
 *
 * <p>On disk: {@code files/<sha256>} with the content, its time that of the last use; {@code
 * addresses/<sha256 of the address>} with what the server said of it, JSON; {@code coming/} with
 * what is being fetched, of no worth in a later process. A file appears whole, by a rename.
 */
public final class WebShelf {
  private final Path files;
  private final Path addresses;
  private final Path coming;

  /**
   * What is known of an address.
   *
   * @param tag the server's name for this version
   * @param lastModified its time, in the server's words
   */
  record Known(
      String address,
      Digest digest,
      Optional<String> tag,
      Optional<String> lastModified,
      Instant modified) {}

  /** The shelf in a folder of its own; removes what an earlier process was fetching. */
  WebShelf(Path folder) {
    files = folder.resolve("files");
    addresses = folder.resolve("addresses");
    coming = folder.resolve("coming");
    try {
      Files.createDirectories(files);
      Files.createDirectories(addresses);
      Files.createDirectories(coming);
      for (Path left : list(coming)) {
        Files.deleteIfExists(left);
      }
    } catch (IOException e) {
      throw new Fault.Internal("cannot make %s: %s".formatted(folder, e.getMessage()), e);
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.toList();
    }
  }

  private Path record(String address) {
    return addresses.resolve(Digest.of(address.getBytes(StandardCharsets.UTF_8)).hex());
  }

  /** What a server said when the address was fetched last, if the content is still here. */
  Optional<Known> known(String address) {
    try {
      Known known =
          Json.read(Files.readString(record(address)), Known.class, "what is known of an address");
      return Files.exists(files.resolve(known.digest().hex()))
          ? Optional.of(known)
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failure(record(address), e);
    }
  }

  /**
   * A further name for a content.
   *
   * @param known where it is from; its time counts when it is of that content
   */
  Optional<WebFiles.Fetched> take(Digest digest, Optional<Known> known, Path into) {
    Path kept = files.resolve(digest.hex());
    try {
      Files.createDirectories(into);
      Path name = into.resolve("add-" + digest.hex());
      try {
        Files.createLink(name, kept);
      } catch (FileAlreadyExistsException e) {
        return Optional.of(fetched(name, digest, known));
      }
      Files.setLastModifiedTime(kept, FileTime.from(Instant.now()));
      return Optional.of(fetched(name, digest, known));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failure(kept, e);
    }
  }

  private static WebFiles.Fetched fetched(Path name, Digest digest, Optional<Known> known) {
    Instant modified =
        known.filter(k -> k.digest().equals(digest)).map(Known::modified).orElse(Instant.EPOCH);
    return new WebFiles.Fetched(name, digest, modified);
  }

  private static Fault.Internal failure(Path path, IOException cause) {
    return new Fault.Internal("cannot use %s: %s".formatted(path, cause.getMessage()), cause);
  }

  /** Begins to take a file in. */
  Coming begin() throws IOException {
    return new Coming(Files.createTempFile(coming, "get-", ""));
  }

  /** A file on its way; what is not finished is removed. One thread. */
  final class Coming implements AutoCloseable {
    private final Path file;
    private final OutputStream out;
    private final MessageDigest hasher = Digest.sha256Hasher();
    private long size;

    private Coming(Path file) throws IOException {
      this.file = file;
      this.out = Files.newOutputStream(file);
    }

    void write(byte[] bytes, int length) throws IOException {
      hasher.update(bytes, 0, length);
      out.write(bytes, 0, length);
      size += length;
    }

    long size() {
      return size;
    }

    WebFiles.Fetched finish(
        String address,
        Optional<String> tag,
        Optional<String> lastModified,
        Instant modified,
        Path into)
        throws IOException {
      out.close();
      Digest digest = Digest.sha256(hasher.digest());
      Files.move(file, files.resolve(digest.hex()), StandardCopyOption.ATOMIC_MOVE);
      Known known = new Known(address, digest, tag, lastModified, modified);
      Path fresh = Files.createTempFile(coming, "say-", "");
      Files.writeString(fresh, Json.text(known));
      Files.move(fresh, record(address), StandardCopyOption.ATOMIC_MOVE);
      return take(digest, Optional.of(known), into)
          .orElseThrow(() -> new IOException("it was removed at once: the disk is full"));
    }

    @Override
    public void close() throws IOException {
      out.close();
      Files.deleteIfExists(file);
    }
  }

  /**
   * A file that is kept.
   *
   * @param id names it here
   */
  public record Kept(String id, long bytes, Instant lastUsed) {}

  /** All that is kept, what was used longest ago first. */
  public List<Kept> kept() {
    List<Kept> kept = new ArrayList<>();
    try {
      for (Path file : list(files)) {
        kept.add(
            new Kept(
                String.valueOf(file.getFileName()),
                Files.size(file),
                Files.getLastModifiedTime(file).toInstant()));
      }
    } catch (IOException e) {
      throw failure(files, e);
    }
    kept.sort(Comparator.comparing(Kept::lastUsed));
    return kept;
  }

  /**
   * Removes what was used longest ago until no more than this is kept.
   *
   * @return bytes removed
   */
  long trim(long mostBytes) {
    List<Kept> all = kept();
    long held = all.stream().mapToLong(Kept::bytes).sum();
    long removed = 0;
    Set<String> chosen = new HashSet<>();
    for (Kept one : all) {
      if (held - removed > mostBytes) {
        chosen.add(one.id());
        removed += one.bytes();
      }
    }
    remove(chosen);
    return removed;
  }

  /** Removes these; a build that has one keeps it to its end. */
  public void remove(Set<String> ids) {
    try {
      for (Path file : list(files)) {
        if (ids.contains(String.valueOf(file.getFileName()))) {
          Files.deleteIfExists(file);
        }
      }
      for (Path record : list(addresses)) {
        Known known =
            Json.read(Files.readString(record), Known.class, "what is known of an address");
        if (!Files.exists(files.resolve(known.digest().hex()))) {
          Files.deleteIfExists(record);
        }
      }
    } catch (IOException e) {
      throw failure(files, e);
    }
  }
}
