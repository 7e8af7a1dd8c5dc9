package dev.kemas.synced.folder;

/**
 * An entry as the index has it.
 *
 * @param entry what the client said
 * @param stored of a file: what came of it; of anything else {@link Stored#NONE}
 */
record Item(Entry entry, Stored stored) {

  /** What is here of a file. */
  static final class Stored {
    /** Bytes in the index. */
    static final int SIZE = 1 + 8 + 8 + 32;

    static final Stored NONE = new Stored(State.AWAITED, 0, 0, new byte[32]);

    private final State state;
    private final long inode;
    private final long length;
    private final byte[] sha256;

    /**
     * @param state whether it came
     * @param inode of the copy
     * @param length of the content that came, in bytes
     * @param sha256 32 bytes, handed over
     */
    Stored(State state, long inode, long length, byte[] sha256) {
      this.state = state;
      this.inode = inode;
      this.length = length;
      this.sha256 = sha256;
    }

    State state() {
      return state;
    }

    long inode() {
      return inode;
    }

    long length() {
      return length;
    }

    /** Not to be changed. */
    byte[] sha256() {
      return sha256;
    }
  }

  /** Whether a file's content is here. */
  enum State {
    AWAITED(0),
    HERE(1),
    /** It was not as long as the client had said: it is asked for again the next time. */
    DOUBTED(2);

    /** Its byte in the index. */
    final int code;

    State(int code) {
      this.code = code;
    }

    static State of(int code) {
      return switch (code) {
        case 1 -> HERE;
        case 2 -> DOUBTED;
        default -> AWAITED;
      };
    }
  }

  /** Whether the client need not send anything for this entry. */
  boolean isSame(Entry other) {
    return entry.isSame(other) && (entry.kind() != EntryKind.FILE || stored.state() == State.HERE);
  }
}
