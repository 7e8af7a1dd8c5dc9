package dev.kemas.metadata;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The SQLite file. Not thread-safe but for {@link #checkpoint}: the store serialises its calls.
 *
 * <p>WAL with {@code synchronous=NORMAL} (sqlite.org/wal.html): a commit is a write into the page
 * cache, which outlives the process; the disk is waited for only in a checkpoint, and those run on
 * a thread of their own.
 */
final class Database {
  private static final int SCHEMA = 1;
  private static final int APPLICATION = 0x6b656d61; // "kema", for file(1)
  private static final String CHECKPOINT = "PRAGMA wal_checkpoint(PASSIVE)";

  private final Path file;
  private final FileChannel lockFile;
  private final Connection writer;
  private final PreparedStatement begin;
  private final PreparedStatement commit;
  private final PreparedStatement put;
  private final PreparedStatement remove;
  private final PreparedStatement name;
  private final PreparedStatement unname;
  private final Checkpointer checkpointer;

  private Database(Path file, FileChannel lockFile, Connection writer, Checkpointer checkpointer)
      throws SQLException {
    this.file = file;
    this.lockFile = lockFile;
    this.writer = writer;
    this.checkpointer = checkpointer;
    begin = writer.prepareStatement("BEGIN IMMEDIATE");
    commit = writer.prepareStatement("COMMIT");
    put = writer.prepareStatement("INSERT OR REPLACE INTO records VALUES (?, ?, ?)");
    remove = writer.prepareStatement("DELETE FROM records WHERE collection = ? AND key = ?");
    name = writer.prepareStatement("INSERT OR REPLACE INTO names VALUES (?, ?, ?)");
    unname = writer.prepareStatement("DELETE FROM names WHERE space = ? AND name = ?");
  }

  static Database open(Path file) {
    Path folder = file.toAbsolutePath().resolveSibling("");
    FileChannel lock;
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x---")));
      NativeLibrary.prepare(folder);
      lock = lock(file);
    } catch (IOException | UncheckedIOException e) {
      throw new Fault.Unavailable("cannot open the records in " + file + ": " + e.getMessage(), e);
    }
    boolean opened = false;
    Optional<Connection> connection = Optional.empty();
    try {
      Connection writer = Connections.open(file);
      connection = Optional.of(writer);
      prepareSchema(writer, file);
      Database database = new Database(file, lock, writer, new Checkpointer(file, CHECKPOINT));
      opened = true;
      return database;
    } catch (SQLException e) {
      throw fault(file, e);
    } finally {
      if (!opened) {
        connection.ifPresent(Connections::closeQuietly);
        closeLock(lock, file);
      }
    }
  }

  /** A lock beside the file: SQLite's own locks would let a second writer in between commits. */
  private static FileChannel lock(Path file) throws IOException {
    Path path = file.resolveSibling(file.getFileName() + ".lock");
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw inUse(file, e);
    }
    if (lock == null) {
      channel.close();
      throw inUse(file, new IOException("locked by another process"));
    }
    return channel;
  }

  private static Fault.Conflict inUse(Path file, Exception cause) {
    return new Fault.Conflict(
        "another engine has " + file + " open: stop it, or use another data root", cause);
  }

  private static void prepareSchema(Connection writer, Path file) throws SQLException {
    try (Statement statement = writer.createStatement()) {
      int version = number(statement, "PRAGMA user_version");
      if (version > SCHEMA) {
        throw new Fault.Unsupported(
            file
                + " has schema "
                + version
                + ", this version reads up to "
                + SCHEMA
                + ": use the version that wrote it, or a later one");
      }
      check(statement, file);
      if (version == 0) {
        statement.execute("BEGIN IMMEDIATE");
        statement.execute(
            "CREATE TABLE records (collection TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL,"
                + " PRIMARY KEY (collection, key)) WITHOUT ROWID");
        statement.execute(
            "CREATE TABLE names (space TEXT NOT NULL, name TEXT NOT NULL, owner TEXT NOT NULL,"
                + " PRIMARY KEY (space, name)) WITHOUT ROWID");
        statement.execute("PRAGMA application_id = " + APPLICATION);
        statement.execute("PRAGMA user_version = " + SCHEMA);
        statement.execute("COMMIT");
      }
    }
  }

  private static void check(Statement statement, Path file) throws SQLException {
    try (ResultSet result = statement.executeQuery("PRAGMA quick_check(1)")) {
      if (result.next() && !result.getString(1).equals("ok")) {
        throw damaged(file, new SQLException(result.getString(1)));
      }
    }
  }

  private static int number(Statement statement, String sql) throws SQLException {
    try (ResultSet result = statement.executeQuery(sql)) {
      return result.next() ? result.getInt(1) : 0;
    }
  }

  <T> void load(Records<T> into) {
    try (PreparedStatement query =
        writer.prepareStatement("SELECT key, body FROM records WHERE collection = ?")) {
      query.setString(1, into.name());
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          String key = rows.getString(1);
          into.apply(key, Optional.of(read(into, key, rows.getString(2))));
        }
      }
    } catch (SQLException e) {
      throw fault(file, e);
    }
  }

  private <T> T read(Records<T> records, String key, String body) {
    try {
      return Json.read(body, records.type(), records.name() + " record " + key);
    } catch (Fault.InvalidArgument e) {
      throw new Fault.DataLoss(
          "cannot read the "
              + records.name()
              + " record "
              + key
              + " in "
              + file
              + ": "
              + e.getMessage(),
          e);
    }
  }

  void load(Names into) {
    try (PreparedStatement query =
        writer.prepareStatement("SELECT name, owner FROM names WHERE space = ?")) {
      query.setString(1, into.name());
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          into.apply(rows.getString(1), Optional.of(rows.getString(2)));
        }
      }
    } catch (SQLException e) {
      throw fault(file, e);
    }
  }

  void commit(Transaction tx) {
    if (tx.size() == 0) {
      return;
    }
    boolean grouped = tx.size() > 1;
    boolean begun = false;
    try {
      if (grouped) {
        begin.execute();
        begun = true;
      }
      for (Transaction.RecordChange<?> change : tx.recordChanges()) {
        write(change);
      }
      for (Transaction.NameChange change : tx.nameChanges()) {
        write(change);
      }
      if (grouped) {
        commit.execute();
        begun = false;
      }
    } catch (SQLException e) {
      throw fault(file, e);
    } finally {
      if (begun) {
        rollback();
      }
    }
    checkpointer.written();
  }

  private void write(Transaction.RecordChange<?> change) throws SQLException {
    PreparedStatement statement = change.value().isPresent() ? put : remove;
    statement.setString(1, change.records().name());
    statement.setString(2, change.key());
    if (change.value().isPresent()) {
      statement.setString(3, Json.text(change.value().get()));
    }
    statement.executeUpdate();
  }

  private void write(Transaction.NameChange change) throws SQLException {
    PreparedStatement statement = change.owner().isPresent() ? name : unname;
    statement.setString(1, change.names().name());
    statement.setString(2, change.key());
    if (change.owner().isPresent()) {
      statement.setString(3, change.owner().get());
    }
    statement.executeUpdate();
  }

  private void rollback() {
    try (Statement statement = writer.createStatement()) {
      statement.execute("ROLLBACK");
    } catch (SQLException e) {
      // SQLite has rolled back by itself after some errors and then says that none is active
      if (!String.valueOf(e.getMessage()).contains("no transaction is active")) {
        throw fault(file, e);
      }
    }
  }

  void checkpoint() {
    checkpointer.now();
  }

  void close() {
    checkpointer.close();
    try {
      writer.close();
    } catch (SQLException e) {
      throw fault(file, e);
    } finally {
      closeLock(lockFile, file);
    }
  }

  private static void closeLock(FileChannel lock, Path file) {
    try {
      lock.close();
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot close the lock of " + file + ": " + e.getMessage(), e);
    }
  }

  static Fault fault(Path file, SQLException e) {
    SQLiteErrorCode code =
        e instanceof SQLiteException s ? s.getResultCode() : SQLiteErrorCode.UNKNOWN_ERROR;
    int primary = code.code & 0xff;
    if (primary == SQLiteErrorCode.SQLITE_FULL.code) {
      return new Fault.ResourceExhausted(
          "no space left for the records in " + file + ": free some, then try again", e);
    }
    if (primary == SQLiteErrorCode.SQLITE_CORRUPT.code
        || primary == SQLiteErrorCode.SQLITE_NOTADB.code) {
      return damaged(file, e);
    }
    return new Fault.Unavailable("cannot use the records in " + file + ": " + e.getMessage(), e);
  }

  private static Fault.DataLoss damaged(Path file, SQLException e) {
    return new Fault.DataLoss(
        file
            + " is damaged ("
            + e.getMessage()
            + "): restore it from a backup, or move it away to"
            + " start without any records",
        e);
  }
}
