package dev.kemas.archive;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Reads a tar archive entry by entry: ustar, PAX, GNU long names and sparse files, old V7. One
 * thread at a time. Names are handed out as they are: whoever writes files checks them.
 */
// the contract comes before what fills it
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class TarReader implements AutoCloseable {
  /**
   * @param in plain tar; see {@link Compression#open} for what is compressed
   * @param limits of entries and of bytes in their files
   */
  public TarReader(InputStream in, Limits limits) {}

  /**
   * The next entry; what was not read of the one before is skipped. Empty at the end.
   *
   * @throws Fault.InvalidArgument when it is no tar archive or a header is damaged
   * @throws Fault.DataLoss when it ends in the middle of an entry
   * @throws Fault.ResourceExhausted when a limit is passed
   * @throws IOException what reading the source threw
   */
  public Optional<TarEntry> next() throws IOException {
    throw Pending.fault("TarReader.next");
  }

  /** The bytes of the entry that {@link #next} gave last, holes as zeroes; closing does nothing. */
  public InputStream content() {
    throw Pending.fault("TarReader.content");
  }

  /** Closes the source. */
  @Override
  public void close() throws IOException {}
}
