package dev.kemas.synced.folder;

import dev.kemas.linux.Stat;
import dev.kemas.oci.Digest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * The digests of a folder's files by what the kernel says of them: some sixty bytes a file. Filled
 * by one thread, then read by any number.
 */
final class KnownDigests {
  private final int[] places;
  private final long[] inodes;
  private final long[] modified;
  private final long[] lengths;
  private final byte[] digests;
  private int count;

  /**
   * @param most how many files there are at most
   */
  KnownDigests(long most) {
    int room = Math.toIntExact(most);
    places = new int[Integer.highestOneBit(Math.max(8, room)) * 4];
    Arrays.fill(places, -1);
    inodes = new long[room];
    modified = new long[room];
    lengths = new long[room];
    digests = new byte[Math.multiplyExact(room, 32)];
  }

  void add(Item item) {
    Item.Stored stored = item.stored();
    inodes[count] = stored.inode();
    modified[count] = item.entry().modified();
    lengths[count] = stored.length();
    System.arraycopy(stored.sha256(), 0, digests, count * 32, 32);
    int at = place(stored.inode());
    while (places[at] >= 0) {
      at = (at + 1) & (places.length - 1);
    }
    places[at] = count++;
  }

  private int place(long inode) {
    return (int) ((inode * 0x9E3779B97F4A7C15L) >>> 32) & (places.length - 1);
  }

  Optional<Digest> get(Stat stat) {
    for (int at = place(stat.inode()); places[at] >= 0; at = (at + 1) & (places.length - 1)) {
      int i = places[at];
      if (inodes[i] == stat.inode()) {
        Instant time = FolderTree.time(modified[i]);
        return stat.size() == lengths[i] && stat.modified().equals(time)
            ? Optional.of(Digest.sha256(Arrays.copyOfRange(digests, i * 32, i * 32 + 32)))
            : Optional.empty();
      }
    }
    return Optional.empty();
  }
}
