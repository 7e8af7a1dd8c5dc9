package dev.kemas.file.transfer;

import dev.kemas.linux.OpenFile;
import dev.kemas.synced.folder.Entry;
import dev.kemas.synced.folder.EntryKind;
import java.time.Instant;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A tree to send, put into a folder that is made for it.
 *
 * @param files the tree
 * @param folder the name of the folder
 * @param time of the folder
 */
public record Placed(FileSource files, String folder, Instant time) implements FileSource {
  private static final int MODE = 0755;

  @Override
  public void walk(Consumer<Entry> visitor) {
    long nanoseconds = time.getEpochSecond() * 1_000_000_000L + time.getNano();
    visitor.accept(
        new Entry(folder, EntryKind.DIRECTORY, MODE, 0, 0, 0, nanoseconds, "", new TreeMap<>()));
    files.walk(entry ->
        visitor.accept(
            at(
                entry,
                folder + '/' + entry.path(),
                entry.kind() == EntryKind.HARD_LINK
                    ? folder + '/' + entry.target()
                    : entry.target())));
  }

  @Override
  public OpenFile open(Entry file) {
    return files.open(at(file, file.path().substring(folder.length() + 1), file.target()));
  }

  private static Entry at(Entry entry, String path, String target) {
    return new Entry(
        path,
        entry.kind(),
        entry.permissions(),
        entry.uid(),
        entry.gid(),
        entry.size(),
        entry.modified(),
        target,
        entry.xattrs());
  }
}
