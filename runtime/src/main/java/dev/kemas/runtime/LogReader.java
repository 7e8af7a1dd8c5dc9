package dev.kemas.runtime;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Reads a container's output from its log, over all files that rotation has left, and follows it
 * over rotations. Any number of readers; none disturbs the writer.
 */
public final class LogReader {
  private static final int BUFFER = 64 * 1024;
  private static final long LOOK = Duration.ofMillis(20).toNanos();
  private static final int MOST_FILES = 1000;

  private final Bundle bundle;

  LogReader(Bundle bundle) {
    this.bundle = bundle;
  }

  /**
   * Reads what the query asks for.
   *
   * @param running whether more may come; asked while following
   * @param sink takes each piece; false ends the reading
   */
  public void read(LogQuery query, BooleanSupplier running, Predicate<LogLine> sink) {
    List<Path> files = new ArrayList<>();
    for (int age = 0; age < MOST_FILES && Files.exists(bundle.log(age)); age++) {
      files.addFirst(bundle.log(age));
    }
    try {
      Position start =
          query.tail().isPresent() ? tail(files, query.tail().getAsLong()) : Position.START;
      for (int i = start.file(); i < files.size(); i++) {
        boolean last = i == files.size() - 1;
        long offset = i == start.file() ? start.offset() : 0;
        if (!readFile(files.get(i), offset, last && query.follow(), query, running, sink)) {
          return;
        }
      }
    } catch (IOException e) {
      throw new Fault.Internal("cannot read the log of container " + bundle.id(), e);
    }
  }

  private record Position(int file, long offset) {
    static final Position START = new Position(0, 0);
  }

  /** Where the last lines begin, found from the end so that a long log costs nothing. */
  private static Position tail(List<Path> files, long lines) throws IOException {
    long left = lines;
    for (int i = files.size() - 1; i >= 0; i--) {
      try (FileChannel file = FileChannel.open(files.get(i))) {
        long end = file.size();
        if (left <= 0) {
          return new Position(i, end);
        }
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        // the line feed that ends the last line starts no further one
        long at = end - 1;
        while (at > 0) {
          long from = Math.max(0, at - BUFFER);
          buffer.clear().limit((int) (at - from));
          readFully(file, buffer, from);
          for (int k = buffer.limit() - 1; k >= 0; k--) {
            if (buffer.get(k) == '\n' && --left == 0) {
              return new Position(i, from + k + 1);
            }
          }
          at = from;
        }
        if (end > 0 && --left == 0) {
          return new Position(i, 0);
        }
      }
    }
    return Position.START;
  }

  private static void readFully(FileChannel file, ByteBuffer into, long from) throws IOException {
    while (into.hasRemaining()) {
      if (file.read(into, from + into.position()) < 0) {
        into.limit(into.position());
      }
    }
  }

  private boolean readFile(
      Path path,
      long offset,
      boolean follow,
      LogQuery query,
      BooleanSupplier running,
      Predicate<LogLine> sink)
      throws IOException {
    FileChannel file = FileChannel.open(path);
    try {
      LineSplitter lines = new LineSplitter(query, sink);
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
      file.position(offset);
      while (true) {
        // asked before the read: what was written before the end is then surely seen
        boolean more = follow && running.getAsBoolean();
        boolean rotated = follow && rotated(file, path);
        buffer.clear();
        int n = file.read(buffer);
        if (n > 0) {
          if (!lines.take(buffer.array(), n)) {
            return false;
          }
        } else if (rotated && Files.exists(path)) {
          file.close();
          file = FileChannel.open(path);
        } else if (!more) {
          return true;
        } else if (query.until().map(u -> Instant.now().isAfter(u)).orElse(false)) {
          return false;
        } else {
          LockSupport.parkNanos(LOOK);
          if (Thread.interrupted()) {
            throw new Fault.Cancelled("the reader of a log went away");
          }
        }
      }
    } finally {
      file.close();
    }
  }

  /** Whether the file we read is no longer the one at the path: it was put aside, or cut. */
  private static boolean rotated(FileChannel file, Path path) throws IOException {
    try {
      return file.position() > Files.size(path)
          || (file.position() == file.size() && Files.size(path) != file.size());
    } catch (NoSuchFileException between) {
      return true;
    }
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
