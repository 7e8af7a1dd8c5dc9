package dev.kemas.file.transfer;

import com.google.protobuf.ByteString;
import dev.kemas.buildkit.wire.Files.Packet;
import dev.kemas.buildkit.wire.Files.Packet.PacketType;
import dev.kemas.buildkit.wire.Files.Stat;
import dev.kemas.fault.Fault;
import dev.kemas.linux.FileNames;
import dev.kemas.synced.folder.Entry;
import dev.kemas.synced.folder.EntryKind;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** Entries as packets and back. Modes are those of Go's io/fs. */
final class Packets {
  private static final int DIRECTORY = 1 << 31;
  private static final int SYMLINK = 1 << 27;
  private static final int DEVICE = 1 << 26;
  private static final int FIFO = 1 << 25;
  private static final int SETUID = 1 << 23;
  private static final int SETGID = 1 << 22;
  private static final int STICKY = 1 << 20;
  private static final int IRREGULAR = 1 << 19;

  private static final SortedMap<String, byte[]> NO_XATTRS =
      Collections.unmodifiableSortedMap(new TreeMap<>());

  private Packets() {}

  /** A packet that only names a file, or nothing. */
  static Packet of(PacketType type, long id) {
    return Packet.newBuilder().setType(type).setId((int) id).build();
  }

  static Packet data(long id, byte[] bytes, int length) {
    return Packet.newBuilder()
        .setType(PacketType.PACKET_DATA)
        .setId((int) id)
        .setData(ByteString.copyFrom(bytes, 0, length))
        .build();
  }

  static Packet error(String message) {
    return Packet.newBuilder()
        .setType(PacketType.PACKET_ERR)
        .setData(ByteString.copyFromUtf8(message))
        .build();
  }

  static Packet stat(Entry entry) {
    Stat.Builder stat =
        Stat.newBuilder()
            .setPath(name(entry.path()))
            .setMode(mode(entry))
            .setUid(entry.uid())
            .setGid(entry.gid())
            .setSize(entry.size())
            .setModTime(entry.modified());
    if (!entry.target().isEmpty()) {
      stat.setLinkname(name(entry.target()));
    }
    entry.xattrs().forEach((name, value) -> stat.putXattrs(name, ByteString.copyFrom(value)));
    return Packet.newBuilder().setType(PacketType.PACKET_STAT).setStat(stat).build();
  }

  private static ByteString name(String text) {
    return ByteString.copyFrom(FileNames.encode(text));
  }

  private static int mode(Entry entry) {
    int bits = entry.permissions() & 0777;
    bits |= (entry.permissions() & 04000) == 0 ? 0 : SETUID;
    bits |= (entry.permissions() & 02000) == 0 ? 0 : SETGID;
    bits |= (entry.permissions() & 01000) == 0 ? 0 : STICKY;
    return bits
        | switch (entry.kind()) {
          case DIRECTORY -> DIRECTORY;
          case SYMLINK -> SYMLINK;
          case FIFO -> FIFO;
          case FILE, HARD_LINK -> 0;
        };
  }

  /**
   * The entry that a packet tells of.
   *
   * @throws Fault.InvalidArgument for a device
   */
  static Entry entry(Stat stat) {
    String path = FileNames.decode(stat.getPath().toByteArray());
    String target =
        stat.getLinkname().isEmpty() ? "" : FileNames.decode(stat.getLinkname().toByteArray());
    int mode = stat.getMode();
    EntryKind kind = kind(mode, path, target);
    int permissions = mode & 0777;
    permissions |= (mode & SETUID) == 0 ? 0 : 04000;
    permissions |= (mode & SETGID) == 0 ? 0 : 02000;
    permissions |= (mode & STICKY) == 0 ? 0 : 01000;
    boolean linked = kind == EntryKind.SYMLINK || kind == EntryKind.HARD_LINK;
    return new Entry(
        path,
        kind,
        permissions,
        stat.getUid(),
        stat.getGid(),
        stat.getSize(),
        stat.getModTime(),
        linked ? target : "",
        xattrs(stat));
  }

  private static EntryKind kind(int mode, String path, String target) {
    if ((mode & DIRECTORY) != 0) {
      return EntryKind.DIRECTORY;
    }
    if ((mode & SYMLINK) != 0) {
      return EntryKind.SYMLINK;
    }
    if ((mode & (DEVICE | IRREGULAR)) != 0) {
      throw new Fault.InvalidArgument(
          "\""
              + path
              + "\" is a device: a build takes none from its client; leave it out by"
              + " .dockerignore");
    }
    if ((mode & FIFO) != 0) {
      return EntryKind.FIFO;
    }
    return target.isEmpty() ? EntryKind.FILE : EntryKind.HARD_LINK;
  }

  private static SortedMap<String, byte[]> xattrs(Stat stat) {
    if (stat.getXattrsCount() == 0) {
      return NO_XATTRS;
    }
    SortedMap<String, byte[]> xattrs = new TreeMap<>();
    stat.getXattrsMap().forEach((name, value) -> xattrs.put(name, value.toByteArray()));
    return xattrs;
  }
}
