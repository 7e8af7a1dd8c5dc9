package dev.kemas.file.transfer;

import dev.kemas.linux.OpenFile;
import dev.kemas.synced.folder.Entry;
import java.util.function.Consumer;

/** A tree to send. */
public interface FileSource {
  /**
   * Shows each entry, a directory before what is in it, names by their bytes. One thread.
   *
   * @throws dev.kemas.fault.Fault when something cannot be read
   */
  void walk(Consumer<Entry> visitor);

  /**
   * Opens a file that was shown; the caller closes it. For several threads.
   *
   * @throws dev.kemas.fault.Fault.NotFound when it has gone
   */
  OpenFile open(Entry file);
}
