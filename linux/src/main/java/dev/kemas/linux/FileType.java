package dev.kemas.linux;

/** What kind of thing a directory entry is (inode(7), S_IFMT). */
public enum FileType {
  REGULAR(0x8000),
  DIRECTORY(0x4000),
  SYMLINK(0xA000),
  CHARACTER_DEVICE(0x2000),
  BLOCK_DEVICE(0x6000),
  FIFO(0x1000),
  SOCKET(0xC000),
  /** The file system did not say; ask with a stat. */
  UNKNOWN(0);

  private final int bits;

  FileType(int bits) {
    this.bits = bits;
  }

  /** The bits of S_IFMT. */
  public int bits() {
    return bits;
  }

  /** The type in a mode of stat(2). */
  public static FileType ofMode(int mode) {
    return switch (mode & 0xF000) {
      case 0x8000 -> REGULAR;
      case 0x4000 -> DIRECTORY;
      case 0xA000 -> SYMLINK;
      case 0x2000 -> CHARACTER_DEVICE;
      case 0x6000 -> BLOCK_DEVICE;
      case 0x1000 -> FIFO;
      case 0xC000 -> SOCKET;
      default -> UNKNOWN;
    };
  }
}
