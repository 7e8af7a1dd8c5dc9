package dev.kemas.api.server;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * The keys that end an attachment to a terminal and leave the process alone, as Docker writes them:
 * {@code ctrl-p,ctrl-q}.
 */
final class DetachKeys {
  private static final byte[] DEFAULT = {16, 17};
  private final byte[] keys;

  private DetachKeys(byte[] keys) {
    this.keys = keys;
  }

  /**
   * Reads single characters and {@code ctrl-} with a-z or one of {@code @[\]^_}, between commas;
   * nothing is the default.
   *
   * @throws Fault.InvalidArgument for anything else
   */
  static DetachKeys parse(String text) {
    if (text.isEmpty()) {
      return new DetachKeys(DEFAULT);
    }
    String[] names = text.split(",", -1);
    byte[] keys = new byte[names.length];
    for (int i = 0; i < names.length; i++) {
      String name = names[i];
      char last = name.isEmpty() ? 0 : name.charAt(name.length() - 1);
      if (name.length() == 1 && last < 128) {
        keys[i] = (byte) last;
      } else if (name.length() == 6
          && name.startsWith("ctrl-")
          && ((last >= 'a' && last <= 'z') || "@[\\]^_".indexOf(last) >= 0)) {
        keys[i] = (byte) (last & 0x1F);
      } else {
        throw new Fault.InvalidArgument(
            "Invalid detach keys (" + text + ") provided: Unknown character: '" + name + "'");
      }
    }
    return new DetachKeys(keys);
  }

  /** What looks for the keys in one stream of input. */
  Filter filter() {
    return new Filter();
  }

  /** Holds back what may become the keys. */
  final class Filter {
    private int matched;

    /**
     * Hands on what is not part of the keys.
     *
     * @return whether the keys were typed
     */
    boolean copy(byte[] bytes, int length, OutputStream to) throws IOException {
      int start = 0;
      for (int i = 0; i < length; i++) {
        if (bytes[i] == keys[matched]) {
          if (matched == 0) {
            to.write(bytes, start, i - start);
          }
          matched++;
          start = i + 1;
          if (matched == keys.length) {
            return true;
          }
        } else if (matched > 0) {
          to.write(Arrays.copyOf(keys, matched));
          matched = 0;
          start = i;
          i--; // it may be the first of the keys
        }
      }
      if (matched == 0) {
        to.write(bytes, start, length - start);
      }
      to.flush();
      return false;
    }
  }
}
