package dev.kemas.registry.server.watch;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who did what: a line of JSON for each change, each manifest that was fetched and each request
 * that was refused. Credentials are never in it. Thread-safe.
 */
public final class AuditLog implements AutoCloseable {
  private final Path file;
  private final Clock clock;
  private final OutputStream out;
  private final ReentrantLock lock = new ReentrantLock();

  /**
   * Opens the file, to which lines are added.
   *
   * @throws Fault.InvalidArgument when it cannot be written
   */
  public AuditLog(Path file, Clock clock) {
    this.file = file;
    this.clock = clock;
    try {
      this.out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new Fault.InvalidArgument("cannot write the audit log " + file + ": " + e, e);
    }
  }

  /** Adds a line, if this is to be known. */
  public void add(Seen seen) {
    if (!isOfInterest(seen)) {
      return;
    }
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("time", clock.instant().toString());
    line.put("remote", seen.remote());
    put(line, "user", seen.user());
    line.put("method", seen.method());
    line.put("what", seen.what());
    put(line, "repository", seen.repository());
    put(line, "reference", seen.reference());
    line.put("status", seen.status());
    line.put("received", seen.received());
    line.put("sent", seen.sent());
    line.put("millis", seen.took().toMillis());
    byte[] text = Json.write(line);
    byte[] whole = java.util.Arrays.copyOf(text, text.length + 1);
    whole[text.length] = '\n';
    lock.lock();
    try {
      // one write: lines of several servers on one file stay whole (write(2), O_APPEND)
      out.write(whole);
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot write the audit log " + file + ": " + e, e);
    } finally {
      lock.unlock();
    }
  }

  private static void put(Map<String, Object> line, String name, Optional<String> value) {
    value.ifPresent(text -> line.put(name, text));
  }

  private static boolean isOfInterest(Seen seen) {
    boolean reads = seen.method().equals("GET") || seen.method().equals("HEAD");
    boolean refused = seen.status() == 401 || seen.status() == 403;
    return !reads
        || refused
        || seen.what().equals("token")
        || (seen.what().equals("manifest") && seen.method().equals("GET"));
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw new Fault.Internal("cannot close the audit log " + file + ": " + e, e);
    }
  }
}
