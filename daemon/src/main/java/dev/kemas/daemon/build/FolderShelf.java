package dev.kemas.daemon.build;

import dev.kemas.build.cache.CacheRecord;
import dev.kemas.build.cache.CacheShelf;
import dev.kemas.synced.folder.SyncedFolders;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Clients' folders that are kept for their next builds. */
public final class FolderShelf implements CacheShelf {
  private static final String PREFIX = "folder-";

  private final SyncedFolders folders;

  /** The shelf of these. */
  public FolderShelf(SyncedFolders folders) {
    this.folders = folders;
  }

  @Override
  public List<CacheRecord> records() {
    return folders.list().stream()
        .map(use ->
            new CacheRecord(
                PREFIX + use.id(),
                CacheRecord.LOCAL_SOURCE,
                "local source of a client, %d entries".formatted(use.entries()),
                List.of(),
                use.bytes(),
                use.inUse(),
                false,
                use.used(),
                use.used(),
                0))
        .toList();
  }

  @Override
  public void drop(Set<String> ids) {
    folders.remove(
        ids.stream()
            .filter(id -> id.startsWith(PREFIX))
            .map(id -> id.substring(PREFIX.length()))
            .collect(Collectors.toSet()));
  }
}
