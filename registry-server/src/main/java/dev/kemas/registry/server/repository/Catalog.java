package dev.kemas.registry.server.repository;

import dev.kemas.registry.store.Records;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The names of the repositories that there are. Thread-safe. */
public final class Catalog {
  private static final int PAGE = 1000;

  private final Records records;

  public Catalog(Records records) {
    this.records = records;
  }

  /** Makes sure that a repository is found; to be called when something was put into it. */
  void add(RepositoryName name) {
    if (!has(name)) {
      records.write(Keys.catalog(name), new byte[0]);
    }
  }

  boolean has(RepositoryName name) {
    return records.read(Keys.catalog(name)).isPresent();
  }

  void remove(RepositoryName name) {
    records.delete(Keys.catalog(name));
  }

  /**
   * Some of the names, in the order of their records.
   *
   * @param after only names behind this one; empty for all
   * @param shown which ones the client may see
   */
  public Page page(String after, int most, Predicate<RepositoryName> shown) {
    List<String> names = new ArrayList<>();
    String last = after.replace('/', ':');
    while (true) {
      List<Records.Entry> entries = records.list(Keys.CATALOG, last, PAGE);
      for (Records.Entry entry : entries) {
        RepositoryName name = new RepositoryName(Keys.nameInCatalog(entry.name()));
        if (!shown.test(name)) {
          continue;
        }
        if (names.size() == most) {
          return new Page(names, true);
        }
        names.add(name.text());
      }
      if (entries.size() < PAGE) {
        return new Page(names, false);
      }
      last = entries.getLast().name();
    }
  }

  /** Visits every repository. */
  void each(Consumer<RepositoryName> visitor) {
    page("", Integer.MAX_VALUE, name -> true).names().stream()
        .map(RepositoryName::new)
        .forEach(visitor);
  }
}
