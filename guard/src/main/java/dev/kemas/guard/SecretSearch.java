package dev.kemas.guard;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Searches streams for several byte patterns at once, in memory that depends on the patterns alone.
 * Most bytes are never looked at: a table says for each pair of bytes how far the window may move
 * (S. Wu and U. Manber, "A fast algorithm for multi-pattern searching", 1994).
 *
 * <p>For one thread at a time.
 */
final class SecretSearch {
  private static final int CHUNK = 256 * 1024;

  private final List<SecretForm> forms;
  private final int window;
  private final int longest;
  private final byte[] shift = new byte[1 << 16];
  private final int[][] candidates = new int[1 << 16][];
  private final byte[] buffer;

  /**
   * @param forms at least one, each of at least two bytes
   */
  SecretSearch(List<SecretForm> forms) {
    this.forms = List.copyOf(forms);
    int shortest = forms.stream().mapToInt(form -> form.bytes().length).min().orElseThrow();
    this.window = Math.min(shortest, Byte.MAX_VALUE);
    this.longest = forms.stream().mapToInt(form -> form.bytes().length).max().orElseThrow();
    this.buffer = new byte[CHUNK + longest];
    Arrays.fill(shift, (byte) (window - 1));
    for (int index = 0; index < this.forms.size(); index++) {
      learn(index, this.forms.get(index).bytes());
    }
  }

  private void learn(int index, byte[] pattern) {
    for (int end = 1; end < window; end++) {
      int pair = pair(pattern, end);
      int move = window - 1 - end;
      shift[pair] = (byte) Math.min(shift[pair], move);
      if (move == 0) {
        int[] known = candidates[pair];
        int[] more = known == null ? new int[1] : Arrays.copyOf(known, known.length + 1);
        more[more.length - 1] = index;
        candidates[pair] = more;
      }
    }
  }

  private static int pair(byte[] bytes, int end) {
    return (bytes[end - 1] & 0xff) << 8 | (bytes[end] & 0xff);
  }

  /** Each form that occurs, once; the stream is read to its end. */
  List<SecretForm> in(InputStream in) throws IOException {
    boolean[] found = new boolean[forms.size()];
    int held = 0;
    while (true) {
      int read = in.readNBytes(buffer, held, buffer.length - held);
      int end = held + read;
      boolean last = end < buffer.length;
      // a pattern that begins in the last bytes may go on in the next chunk
      int firstUnsafe = last ? end : end - longest + 1;
      search(end, firstUnsafe, found);
      if (last) {
        return matches(found);
      }
      held = end - firstUnsafe;
      System.arraycopy(buffer, firstUnsafe, buffer, 0, held);
    }
  }

  private List<SecretForm> matches(boolean[] found) {
    List<SecretForm> matches = new ArrayList<>();
    for (int i = 0; i < found.length; i++) {
      if (found[i]) {
        matches.add(forms.get(i));
      }
    }
    return matches;
  }

  /** Looks at the patterns that begin before {@code limit}; they may reach up to {@code end}. */
  private void search(int end, int limit, boolean[] found) {
    byte[] bytes = buffer;
    byte[] moves = shift;
    int last = Math.min(end, limit + window - 1);
    int at = window - 1;
    while (at < last) {
      int pair = (bytes[at - 1] & 0xff) << 8 | (bytes[at] & 0xff);
      int move = moves[pair];
      if (move == 0) {
        verify(candidates[pair], at - window + 1, end, found);
        move = 1;
      }
      at += move;
    }
  }

  private void verify(int[] indexes, int from, int end, boolean[] found) {
    for (int index : indexes) {
      byte[] pattern = forms.get(index).bytes();
      if (!found[index]
          && from + pattern.length <= end
          && Arrays.equals(buffer, from, from + pattern.length, pattern, 0, pattern.length)) {
        found[index] = true;
      }
    }
  }
}
