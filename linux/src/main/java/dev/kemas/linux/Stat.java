package dev.kemas.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;

/**
 * What the kernel knows about a file (statx(2)).
 *
 * @param mode type and permission bits as in st_mode
 * @param uid owner
 * @param gid group
 * @param links number of hard links
 * @param size bytes
 * @param blocks what it takes on the disk, in units of 512 bytes
 * @param inode number of the inode within the device
 * @param deviceMajor the device that holds it
 * @param deviceMinor the device that holds it
 * @param specialMajor for a device node: the device it stands for
 * @param specialMinor for a device node: the device it stands for
 * @param accessed time of the last read
 * @param modified time of the last change of the content
 * @param changed time of the last change of the inode
 * @param mountRoot whether a mount begins here
 */
public record Stat(
    int mode,
    int uid,
    int gid,
    int links,
    long size,
    long blocks,
    long inode,
    int deviceMajor,
    int deviceMinor,
    int specialMajor,
    int specialMinor,
    Instant accessed,
    Instant modified,
    Instant changed,
    boolean mountRoot) {
  static final int SIZE = 256;
  static final int BASIC = 0x7ff;
  private static final long ATTR_MOUNT_ROOT = 0x2000;

  /** The type. */
  public FileType type() {
    return FileType.ofMode(mode);
  }

  /** The twelve permission bits, setuid, setgid and sticky among them. */
  public int permissions() {
    return mode & 07777;
  }

  /** Whether both are the same inode of the same device. */
  public boolean isSameFile(Stat other) {
    return inode == other.inode
        && deviceMajor == other.deviceMajor
        && deviceMinor == other.deviceMinor;
  }

  static Stat read(MemorySegment x) {
    return new Stat(
        x.get(ValueLayout.JAVA_SHORT, 28) & 0xFFFF,
        x.get(ValueLayout.JAVA_INT, 20),
        x.get(ValueLayout.JAVA_INT, 24),
        x.get(ValueLayout.JAVA_INT, 16),
        x.get(ValueLayout.JAVA_LONG, 40),
        x.get(ValueLayout.JAVA_LONG, 48),
        x.get(ValueLayout.JAVA_LONG, 32),
        x.get(ValueLayout.JAVA_INT, 136),
        x.get(ValueLayout.JAVA_INT, 140),
        x.get(ValueLayout.JAVA_INT, 128),
        x.get(ValueLayout.JAVA_INT, 132),
        time(x, 64),
        time(x, 112),
        time(x, 96),
        (x.get(ValueLayout.JAVA_LONG, 8) & ATTR_MOUNT_ROOT) != 0);
  }

  private static Instant time(MemorySegment x, long at) {
    return Instant.ofEpochSecond(
        x.get(ValueLayout.JAVA_LONG, at), x.get(ValueLayout.JAVA_INT, at + 8));
  }
}
