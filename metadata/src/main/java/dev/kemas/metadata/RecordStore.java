package dev.kemas.metadata;

import dev.kemas.fault.Fault;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One file of records: typed collections, unique names, transactions over any of them.
 *
 * <p>What a write returned from has survived the death of the process, at any instant; it survives
 * a power failure once the background checkpoint has passed (seconds), and a power failure never
 * leaves part of a transaction. Writers are serialised, one write takes a fraction of a millisecond
 * and waits for no disk; readers never wait. All methods may be called from any thread.
 *
 * <p>The file is a SQLite database in WAL mode, readable with the stock tool while the store is
 * open. Format: {@code docs/formats.md}.
 */
public final class RecordStore implements AutoCloseable {
  private final Database database;
  private final ReentrantLock writing = new ReentrantLock();
  private final Map<String, Records<?>> records = new HashMap<>();
  private final Map<String, Names> names = new HashMap<>();

  private RecordStore(Database database) {
    this.database = database;
  }

  /**
   * Opens the file, or makes it with its folder.
   *
   * @throws Fault.Conflict when another process has it open
   * @throws Fault.DataLoss when the file is damaged; the message names it and says what to do
   * @throws Fault.Unsupported when a later version of the program wrote it
   */
  public static RecordStore open(Path file) {
    return new RecordStore(Database.open(file));
  }

  /**
   * The collection of a name; the same object on every call. All its records are read when it is
   * first asked for.
   *
   * @throws Fault.DataLoss when a record cannot be read as that type
   */
  public <T> Records<T> records(String name, Class<T> type) {
    writing.lock();
    try {
      Records<?> known = records.get(name);
      if (known == null) {
        Records<T> loaded = new Records<>(this, name, type);
        database.load(loaded);
        records.put(name, loaded);
        return loaded;
      }
      if (known.type() != type) {
        throw new Fault.Internal("collection " + name + " holds " + known.type() + ", not " + type);
      }
      @SuppressWarnings("unchecked") // the type was compared above
      Records<T> typed = (Records<T>) known;
      return typed;
    } finally {
      writing.unlock();
    }
  }

  /** The name space of a name; the same object on every call. */
  public Names names(String name) {
    writing.lock();
    try {
      return names.computeIfAbsent(
          name,
          n -> {
            Names loaded = new Names(n);
            database.load(loaded);
            return loaded;
          });
    } finally {
      writing.unlock();
    }
  }

  /**
   * Runs the body with no other writer beside it and commits what it changed. When the body throws,
   * nothing is changed. Keep the body short: no I/O.
   *
   * @throws Fault.ResourceExhausted when the disk is full; nothing is changed
   */
  public <R> R transact(Function<Transaction, R> body) {
    if (writing.isHeldByCurrentThread()) {
      throw new Fault.Internal("a transaction within a transaction: use the outer one");
    }
    writing.lock();
    try {
      Transaction tx = new Transaction();
      R result = body.apply(tx);
      database.commit(tx);
      tx.recordChanges().forEach(Transaction.RecordChange::publish);
      tx.nameChanges().forEach(c -> c.names().apply(c.key(), c.owner()));
      return result;
    } finally {
      writing.unlock();
    }
  }

  /** {@link #transact} for a body without a result. */
  public void run(Consumer<Transaction> body) {
    transact(tx -> {
      body.accept(tx);
      return Optional.empty();
    });
  }

  /** Waits until all that was committed outlives a power failure. */
  public void sync() {
    database.checkpoint();
  }

  /** Writes everything back into the one file and closes it. */
  @Override
  public void close() {
    writing.lock();
    try {
      database.close();
    } finally {
      writing.unlock();
    }
  }
}
