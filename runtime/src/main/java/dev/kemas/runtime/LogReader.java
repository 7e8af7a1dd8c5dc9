package dev.kemas.runtime;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Reads a container's output from its log, over all files that rotation has left, and follows it
 * over rotations. Any number of readers; none disturbs the writer. One that waits for more costs
 * nothing.
 */
public final class LogReader implements AutoCloseable {
  private static final int BUFFER = 64 * 1024;

  private final Bundle bundle;
  private final LogChanges changes;
  private Optional<LogChanges.Waiting> waiting = Optional.empty();
  private volatile boolean closed;

  LogReader(Bundle bundle, LogChanges changes) {
    this.bundle = bundle;
    this.changes = changes;
  }

  /** Ends a {@link #read} that waits for more, from any thread. */
  @Override
  public void close() {
    closed = true;
    synchronized (this) {
      waiting.ifPresent(LogChanges.Waiting::wake);
    }
  }

  /**
   * Reads what the query asks for. By one thread at a time.
   *
   * @param running whether more may come; asked while following, and after the container's end has
   *     been told to the runtime's listener
   * @param sink takes each piece; false ends the reading
   */
  public void read(LogQuery query, BooleanSupplier running, Predicate<LogLine> sink) {
    LogFiles files = new LogFiles(bundle);
    Deque<LogFiles.Open> open = new ArrayDeque<>();
    try {
      // all at once, so that rotation cannot move the place where the last lines begin
      for (Optional<LogFiles.Open> o = files.next(); o.isPresent(); o = files.next()) {
        open.add(o.get());
      }
      long offset = query.tail().isPresent() ? dropAllBut(query.tail().getAsLong(), open) : 0;
      LineSplitter lines = new LineSplitter(query, sink);
      while (true) {
        // asked before the files: what was written before the end is then surely seen
        boolean more = query.follow() && running.getAsBoolean();
        if (open.isEmpty() && query.follow()) {
          files.next().ifPresent(open::add);
        }
        if (open.isEmpty()) {
          if (!more || !rest(query)) {
            return;
          }
        } else if (!readFile(files, open.element(), offset, query, running, lines)) {
          return;
        } else {
          open.remove().channel().close();
          offset = 0;
        }
      }
    } catch (IOException e) {
      throw new Fault.Internal("cannot read the log of container " + bundle.id(), e);
    } finally {
      stopWaiting();
      open.forEach(LogReader::closeFile);
    }
  }

  private static void closeFile(LogFiles.Open open) {
    try {
      open.channel().close();
    } catch (IOException e) {
      throw new Fault.Internal("cannot close the log of a container", e);
    }
  }

  /**
   * Closes the files before the last lines, found from the end so that a long log costs nothing.
   *
   * @return where in the first file that is left they begin
   */
  private static long dropAllBut(long lines, Deque<LogFiles.Open> open) throws IOException {
    long left = lines;
    long offset = 0;
    int kept = 0;
    Iterator<LogFiles.Open> youngestFirst = open.descendingIterator();
    while (youngestFirst.hasNext() && (kept == 0 || left > 0)) {
      FileChannel file = youngestFirst.next().channel();
      kept++;
      Tail tail = tail(file, left);
      offset = tail.offset();
      left = tail.left();
    }
    while (open.size() > kept) {
      open.remove().channel().close();
    }
    return offset;
  }

  /** Where the last lines of a file begin, and how many are wanted of the file before it. */
  private record Tail(long offset, long left) {}

  private static Tail tail(FileChannel file, long lines) throws IOException {
    long end = file.size();
    if (lines <= 0) {
      return new Tail(end, 0);
    }
    long left = lines;
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    // the line feed that ends the last line starts no further one
    long at = end - 1;
    while (at > 0) {
      long from = Math.max(0, at - BUFFER);
      buffer.clear().limit((int) (at - from));
      readFully(file, buffer, from);
      for (int k = buffer.limit() - 1; k >= 0; k--) {
        if (buffer.get(k) == '\n' && --left == 0) {
          return new Tail(from + k + 1, 0);
        }
      }
      at = from;
    }
    return new Tail(0, end > 0 ? left - 1 : left);
  }

  private static void readFully(FileChannel file, ByteBuffer into, long from) throws IOException {
    while (into.hasRemaining()) {
      if (file.read(into, from + into.position()) < 0) {
        into.limit(into.position());
      }
    }
  }

  /** Reads a file to its end, and follows it until another has taken its place. */
  private boolean readFile(
      LogFiles files,
      LogFiles.Open open,
      long offset,
      LogQuery query,
      BooleanSupplier running,
      LineSplitter lines)
      throws IOException {
    FileChannel file = open.channel();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    file.position(offset);
    // who does not follow gets what is there now, however fast it grows
    long end = query.follow() ? Long.MAX_VALUE : file.size();
    while (file.position() < end) {
      boolean more = query.follow() && running.getAsBoolean();
      // asked before the read: conmon writes nothing more into a file once it has the next one
      boolean putAside = files.isPutAside(open);
      buffer.clear();
      int n = file.read(buffer);
      if (n > 0) {
        if (!lines.take(buffer.array(), n)) {
          return false;
        }
      } else if (putAside || !more) {
        return true;
      } else if (!rest(query)) {
        return false;
      }
    }
    return true;
  }

  /**
   * To be called when there is nothing to read: the first time it begins to listen, so that the
   * caller looks once more and misses nothing, the next time it waits. False when nothing that is
   * still to come is wanted.
   */
  private boolean rest(LogQuery query) {
    Optional<Duration> left = query.until().map(u -> Duration.between(Instant.now(), u));
    if (closed || left.map(Duration::isNegative).orElse(false)) {
      return false;
    }
    if (waiting.isEmpty()) {
      return listen();
    }
    try {
      waiting.get().await(left);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault.Cancelled("the reader of a log went away");
    }
    stopWaiting();
    return true;
  }

  private boolean listen() {
    try {
      LogChanges.Waiting begun = changes.listen(bundle);
      synchronized (this) {
        waiting = Optional.of(begun);
        if (closed) {
          begun.wake();
        }
      }
      return true;
    } catch (Fault.NotFound removed) {
      return false;
    }
  }

  private void stopWaiting() {
    Optional<LogChanges.Waiting> last;
    synchronized (this) {
      last = waiting;
      waiting = Optional.empty();
    }
    last.ifPresent(LogChanges.Waiting::close);
  }

  /** Cuts bytes into lines and hands on those that the query asks for. */
  private static final class LineSplitter {
    private final LogQuery query;
    private final Predicate<LogLine> sink;
    private byte[] rest = new byte[0];

    LineSplitter(LogQuery query, Predicate<LogLine> sink) {
      this.query = query;
      this.sink = sink;
    }

    boolean take(byte[] bytes, int length) {
      byte[] all = bytes;
      int end = length;
      if (rest.length > 0) {
        all = new byte[rest.length + length];
        System.arraycopy(rest, 0, all, 0, rest.length);
        System.arraycopy(bytes, 0, all, rest.length, length);
        end = all.length;
      }
      int from = 0;
      for (int i = 0; i < end; i++) {
        if (all[i] == '\n') {
          if (!line(all, from, i)) {
            return false;
          }
          from = i + 1;
        }
      }
      rest = java.util.Arrays.copyOfRange(all, from, end);
      return true;
    }

    private boolean line(byte[] all, int from, int to) {
      LogLine line = LogLine.parse(all, from, to).orElse(null);
      if (line == null) {
        return true;
      }
      boolean wanted = line.stream() == Attachment.Stream.STDOUT ? query.stdout() : query.stderr();
      if (query.until().map(u -> line.at().isAfter(u)).orElse(false)) {
        return false;
      }
      return !wanted
          || query.since().map(s -> line.at().isBefore(s)).orElse(false)
          || sink.test(line);
    }
  }
}
