package dev.kemas.synced.folder;

import dev.kemas.fault.Fault;

/** What kind of thing an entry of a client's folder is. Sockets travel as empty files. */
public enum EntryKind {
  DIRECTORY(1),
  FILE(2),
  /** Another name of a file that was listed before. */
  HARD_LINK(3),
  SYMLINK(4),
  FIFO(5);

  /** Its byte in the index. */
  final int code;

  EntryKind(int code) {
    this.code = code;
  }

  static EntryKind of(int code) {
    for (EntryKind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    throw new Fault.DataLoss("the index of a synced folder holds the kind " + code);
  }
}
