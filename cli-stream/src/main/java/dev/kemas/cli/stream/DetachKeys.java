package dev.kemas.cli.stream;

import dev.kemas.flag.UsageError;
import java.io.ByteArrayOutputStream;

/**
 * Looks for the key sequence that leaves a container without stopping it, by default ctrl-p ctrl-q.
 * Keys that turn out not to begin the sequence are handed on.
 */
public final class DetachKeys {
  /** What Docker's users are used to. */
  public static final String DEFAULT = "ctrl-p,ctrl-q";

  private final byte[] keys;
  private int matched;

  private DetachKeys(byte[] keys) {
    this.keys = keys;
  }

  /** Reads {@code ctrl-p,ctrl-q} or {@code a,b}; "" means the default. */
  public static DetachKeys parse(String text) {
    String sequence = text.isEmpty() ? DEFAULT : text;
    ByteArrayOutputStream keys = new ByteArrayOutputStream();
    for (String key : sequence.split(",", -1)) {
      keys.write(key(key, sequence));
    }
    return new DetachKeys(keys.toByteArray());
  }

  private static int key(String key, String sequence) {
    if (key.length() == 1) {
      return key.charAt(0);
    }
    if (key.startsWith("ctrl-") && key.length() == 6) {
      char c = key.charAt(5);
      if (c >= 'a' && c <= 'z') {
        return c - 'a' + 1;
      }
      int other = "@[\\]^_".indexOf(c);
      if (other >= 0) {
        return other == 0 ? 0 : 26 + other;
      }
    }
    throw new UsageError(
        "invalid detach keys (" + sequence + "): unknown character: '" + key + "'");
  }

  /**
   * Looks at keys as they were typed.
   *
   * @param out gets what is to be handed on
   * @return whether the sequence is complete
   */
  public boolean scan(byte[] typed, int length, ByteArrayOutputStream out) {
    for (int i = 0; i < length; i++) {
      if (typed[i] == keys[matched]) {
        matched++;
        if (matched == keys.length) {
          matched = 0;
          return true;
        }
        continue;
      }
      out.write(keys, 0, matched);
      matched = 0;
      if (typed[i] == keys[0]) {
        matched = 1;
      } else {
        out.write(typed[i]);
      }
    }
    return false;
  }
}
