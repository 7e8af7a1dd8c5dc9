package dev.kemas.registry.store;

import dev.kemas.fault.Fault;
import dev.kemas.linux.DurableFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Records as files: a key is a path below the folder. */
final class FolderRecords implements Records {
  private static final int PERMISSIONS = 0600;

  private final Path root;

  FolderRecords(Path root) {
    this.root = root;
  }

  private Path path(String key) {
    Path path = root.resolve(key).normalize();
    if (!path.startsWith(root) || path.equals(root)) {
      throw new Fault.InvalidArgument("invalid key of a record: \"" + key + "\"");
    }
    return path;
  }

  @Override
  public Optional<Value> read(String key) {
    Path file = path(key);
    try {
      // the time first: a value that is younger than its time is only kept longer than it must be
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      if (!found.isRegularFile()) {
        return Optional.empty();
      }
      return Optional.of(new Value(Files.readAllBytes(file), found.lastModifiedTime().toInstant()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new Fault.Internal("cannot read the record " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void write(String key, byte[] value) {
    Path file = path(key);
    try {
      DurableFile.write(file, value, PERMISSIONS, DurableFile.Durability.MACHINE);
    } catch (Fault.NotFound e) {
      makeFolder(file);
      DurableFile.write(file, value, PERMISSIONS, DurableFile.Durability.MACHINE);
    }
  }

  private static void makeFolder(Path file) {
    try {
      Files.createDirectories(Optional.ofNullable(file.getParent()).orElse(file));
    } catch (IOException e) {
      throw new Fault.Internal("cannot make the folder of " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public boolean delete(String key) {
    Path file = path(key);
    try {
      return Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new Fault.Internal("cannot delete the record " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public List<Entry> list(String below, String after, int most) {
    Path folder = path(below);
    List<Entry> entries = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      List<Path> found = new ArrayList<>();
      for (Path file : files) {
        String name = name(file);
        // a draft of a write that was cut starts with a dot; no name of ours does
        if (name.compareTo(after) > 0 && !name.startsWith(".")) {
          found.add(file);
        }
      }
      found.sort(Comparator.comparing(FolderRecords::name));
      for (Path file : found) {
        if (entries.size() == most) {
          break;
        }
        entry(file).ifPresent(entries::add);
      }
      return entries;
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException e) {
      throw new Fault.Internal("cannot list the records in " + folder + ": " + e.getMessage(), e);
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static Optional<Entry> entry(Path file) throws IOException {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return found.isRegularFile()
          ? Optional.of(new Entry(name(file), found.lastModifiedTime().toInstant()))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
