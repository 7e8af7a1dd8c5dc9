package dev.kemas.build;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A context behind an address, made by {@link RemoteContexts}. All of it is fetched when the first
 * of its files is asked for, and stays the same from then on. Safe for several threads.
 */
abstract sealed class RemoteContext implements Context permits GitContext, WebContext {
  private Optional<Context> fetched = Optional.empty();

  /** What fetching it is called where progress is shown; without any password. */
  abstract String title();

  /** Has all of it come, into a folder. */
  abstract Path load(TaskProgress progress);

  /** Has it come, unless it has. */
  final synchronized Context fetch(TaskProgress progress) {
    Context here = fetched.orElseGet(() -> Context.folder(load(progress)));
    fetched = Optional.of(here);
    return here;
  }

  @Override
  public Optional<String> text(String path) {
    return fetch(TaskProgress.NONE).text(path);
  }

  @Override
  public final Files files(Wanted wanted, Cancellation cancelled) {
    return fetch(TaskProgress.NONE).files(wanted, cancelled);
  }

  /** An address as it may be shown. */
  static String shown(String address) {
    return address.replaceFirst("^(https?://)[^/@]*@", "$1***@");
  }
}
