package dev.kemas.build.cache;

import dev.kemas.build.StepParts;
import dev.kemas.build.WebShelf;
import dev.kemas.git.RepositoryShelf;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What builds have fetched: repositories, and files by http and https. */
public final class FetchedShelf implements CacheShelf {
  private static final String GIT = "git-";
  private static final String WEB = "web-";

  private final StepParts parts;

  /** The shelf of what these fetch. */
  public FetchedShelf(StepParts parts) {
    this.parts = parts;
  }

  @Override
  public List<CacheRecord> records() {
    List<CacheRecord> records = new ArrayList<>();
    parts
        .repositories()
        .ifPresent(all -> {
          for (RepositoryShelf.Kept kept : all.list()) {
            records.add(
                record(
                    GIT + kept.id(),
                    CacheRecord.GIT_SOURCE,
                    "git repository " + kept.remote(),
                    kept.bytes(),
                    kept.lastUsed()));
          }
        });
    for (WebShelf.Kept kept : parts.webFiles().kept()) {
      records.add(
          record(
              WEB + kept.id(),
              CacheRecord.WEB_SOURCE,
              "file of an address, sha256:" + kept.id(),
              kept.bytes(),
              kept.lastUsed()));
    }
    return records;
  }

  /** Whoever has one at this moment keeps it: nothing here is ever held by a build. */
  private static CacheRecord record(
      String id, String type, String description, long bytes, Instant lastUsed) {
    return new CacheRecord(
        id, type, description, List.of(), bytes, false, false, lastUsed, lastUsed, 0);
  }

  @Override
  public void drop(Set<String> ids) {
    parts
        .repositories()
        .ifPresent(all -> {
          if (ids.stream().anyMatch(id -> id.startsWith(GIT))) {
            all.remove(kept -> ids.contains(GIT + kept.id()));
          }
        });
    List<String> files =
        ids.stream()
            .filter(id -> id.startsWith(WEB))
            .map(id -> id.substring(WEB.length()))
            .toList();
    if (!files.isEmpty()) {
      parts.webFiles().remove(Set.copyOf(files));
    }
  }
}
