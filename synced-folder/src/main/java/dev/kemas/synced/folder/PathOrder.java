package dev.kemas.synced.folder;

import dev.kemas.linux.FileNames;
import java.util.Comparator;

/**
 * The order of a walk that takes each directory's names by their bytes and shows a directory before
 * what is in it: byte by byte, a slash before everything.
 */
enum PathOrder implements Comparator<String> {
  INSTANCE;

  @Override
  public int compare(String a, String b) {
    int shorter = Math.min(a.length(), b.length());
    for (int i = 0; i < shorter; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        // a surrogate stands for what its neighbours say, or for a lone byte: not for its own value
        return Character.isSurrogate(x) || Character.isSurrogate(y)
            ? compare(FileNames.encode(a), FileNames.encode(b))
            : Integer.compare(rank(x), rank(y));
      }
    }
    return a.length() - b.length();
  }

  private static int compare(byte[] a, byte[] b) {
    int shorter = Math.min(a.length, b.length);
    for (int i = 0; i < shorter; i++) {
      if (a[i] != b[i]) {
        return Integer.compare(rank(a[i] & 0xFF), rank(b[i] & 0xFF));
      }
    }
    return a.length - b.length;
  }

  private static int rank(int c) {
    return c == '/' ? -1 : c;
  }
}
