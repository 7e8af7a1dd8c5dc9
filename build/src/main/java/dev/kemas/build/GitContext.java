package dev.kemas.build;

import dev.kemas.dockerfile.GitAddress;
import dev.kemas.fault.Fault;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A repository as a build's context: its files are fetched when the first of them is asked for, and
 * removed when it is closed. Safe for several threads.
 */
public final class GitContext implements Context, AutoCloseable {
  private final GitAddress address;
  private final Downloads downloads;
  private final Cancellation cancelled;
  private Optional<Context> opened = Optional.empty();

  GitContext(GitAddress address, Downloads downloads, Cancellation cancelled) {
    this.address = address;
    this.downloads = downloads;
    this.cancelled = cancelled;
  }

  /**
   * The address that a text is, as a context: {@code github.com/name/repository}, too; empty when
   * it is none.
   *
   * @throws Fault.InvalidArgument when it is one and is malformed
   */
  static Optional<GitAddress> address(String text) {
    if (text.startsWith("github.com/")) {
      String place = "https://" + text;
      String bare = place.replaceFirst("[?#].*", "");
      String suffix = bare.endsWith(".git") ? "" : ".git";
      return GitAddress.of(bare + suffix + place.substring(bare.length()));
    }
    return GitAddress.of(text);
  }

  private synchronized Context context() {
    Context here =
        opened.orElseGet(() -> {
          Path folder = downloads.checkOut(address, cancelled);
          return Context.folder(folder);
        });
    opened = Optional.of(here);
    return here;
  }

  @Override
  public Optional<String> text(String path) {
    return context().text(path);
  }

  @Override
  public Files files(Wanted wanted, Cancellation build) {
    return context().files(wanted, build);
  }

  @Override
  public void close() {
    downloads.close();
  }
}
