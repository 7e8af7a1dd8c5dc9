package dev.kemas.build;

import dev.kemas.dockerfile.IgnoreFile;
import dev.kemas.fault.Fault;
import dev.kemas.guard.ContextFacts;
import dev.kemas.guard.ContextFile;
import dev.kemas.guard.ContextFolder;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What of the build's context has come: nothing is fetched for the sake of rules. */
final class CameContext implements ContextFacts {
  private final ContextFacts files;
  private final Context client;
  private final boolean came;

  CameContext(ContextFiles context, Context client) {
    Optional<ContextFiles.Opened> opened = context.came(ContextFiles.MAIN);
    this.came = opened.isPresent();
    this.files =
        opened
            .<ContextFacts>map(o -> new ContextFolder(o.files().root(), o.ignored()))
            .orElse(NONE);
    this.client = client;
  }

  /** A context of which nothing is to come: only a folder of this machine is looked at. */
  CameContext(Context client, IgnoreFile ignored) {
    this.client = client;
    if (client instanceof FolderContext folder) {
      Context.Wanted all = new Context.Wanted(List.of(), List.of());
      this.files = new ContextFolder(folder.files(all, new Cancellation()).root(), ignored);
      this.came = true;
    } else {
      this.files = NONE;
      this.came = false;
    }
  }

  @Override
  public void files(Consumer<ContextFile> each) {
    files.files(each);
  }

  @Override
  public byte[] head(String path, int most) {
    return files.head(path, most);
  }

  @Override
  public Optional<String> text(String path) {
    if (came) {
      return files.text(path);
    }
    try {
      return client.text(path);
    } catch (Fault.InvalidArgument outsideOrTooLarge) {
      return Optional.empty(); // no file that a step could read
    }
  }
}
