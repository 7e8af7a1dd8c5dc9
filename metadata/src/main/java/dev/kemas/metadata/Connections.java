package dev.kemas.metadata;

import dev.kemas.fault.Fault;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;

/** Connections to the file, all with the same settings. */
final class Connections {
  private static final int BUSY_MILLIS = 5000;

  private Connections() {}

  static Connection open(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    config.setBusyTimeout(BUSY_MILLIS);
    // the checkpointer's work: it waits for the disk, which no writer should
    config.setPragma(SQLiteConfig.Pragma.JOURNAL_SIZE_LIMIT, "4194304");
    Connection connection = config.createConnection("jdbc:sqlite:" + file);
    try (java.sql.Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA wal_autocheckpoint = 0");
    }
    return connection;
  }

  static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new Fault.Unavailable("cannot close the records: " + e.getMessage(), e);
    }
  }
}
