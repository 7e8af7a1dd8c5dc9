package dev.kemas.archive;

/** An owner and a group by number. */
public record Owner(int uid, int gid) {
  /** root:root. */
  public static final Owner ROOT = new Owner(0, 0);
}
