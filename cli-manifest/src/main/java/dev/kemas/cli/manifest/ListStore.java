package dev.kemas.cli.manifest;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;
import dev.kemas.oci.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The lists that were made here and not removed: a folder a list, a file an image, in the form and
 * under the names of Docker's command, so that both see the same lists. A file is written whole.
 */
final class ListStore {
  private final Path root;

  /**
   * @param root {@code manifests} beside the client's configuration; made with the first list
   */
  ListStore(Path root) {
    this.root = root;
  }

  private static String fileName(Reference name) {
    return name.toString().replace(':', '-').replace('/', '_');
  }

  private Path folder(Reference list) {
    return root.resolve(fileName(list));
  }

  boolean has(Reference list) {
    return Files.isDirectory(folder(list));
  }

  /** The images of a list in the order of their names; empty when there is no such list. */
  List<Entry> entries(Reference list) {
    List<Entry> entries = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder(list))) {
      for (Path file : files.filter(ListStore::isEntry).sorted().toList()) {
        entries.add(Json.read(Files.readAllBytes(file), Entry.class, "list entry " + file));
      }
      return entries;
    } catch (NoSuchFileException none) {
      return List.of();
    } catch (IOException e) {
      throw failure("read", folder(list), e);
    }
  }

  private static boolean isEntry(Path file) {
    Path name = file.getFileName();
    return name != null && !name.toString().startsWith(".");
  }

  Optional<Entry> entry(Reference list, Reference image) {
    return entries(list).stream().filter(e -> e.name().equals(image)).findFirst();
  }

  void put(Reference list, Entry entry) {
    Path file = folder(list).resolve(fileName(entry.name()));
    Path draft = file.resolveSibling("." + file.getFileName());
    try {
      Files.createDirectories(folder(list));
      Files.write(draft, Json.write(entry));
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failure("write", file, e);
    }
  }

  void remove(Reference list) {
    try (Stream<Path> files = Files.list(folder(list))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder(list));
    } catch (NoSuchFileException gone) {
      throw missing(list);
    } catch (IOException e) {
      throw failure("remove", folder(list), e);
    }
  }

  static Fault.NotFound missing(Reference list) {
    return new Fault.NotFound(
        "manifest list", list.toString(), "No such manifest: " + list.familiar());
  }

  private static Fault failure(String verb, Path what, IOException e) {
    return new Fault.Unavailable("cannot " + verb + " " + what + ": " + e.getMessage(), e);
  }
}
