package dev.kemas.content;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;

/** Which keys are in use, and what a key may be: it becomes the name of a file. */
final class IngestKeys {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:@-]{0,199}");
  private static final String OWN = "once-";

  private final SecureRandom random = new SecureRandom();
  private final Set<String> open = new HashSet<>();

  /** Takes a key for one ingest. */
  synchronized void take(String key) {
    if (!FORM.matcher(key).matches()) {
      throw new Fault.InvalidArgument(
          "invalid ingest key \""
              + key
              + "\": want 1 to 200 letters, digits or . _ : @ -, the first a letter or digit");
    }
    if (!open.add(key)) {
      throw new Fault.Conflict("an ingest of \"" + key + "\" is under way already");
    }
  }

  /** Takes a key that nobody else has. */
  synchronized String takeNew() {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    String key = OWN + HexFormat.of().formatHex(bytes);
    open.add(key);
    return key;
  }

  /** Whether nobody will ever ask for this key again. */
  static boolean isOnce(String key) {
    return key.startsWith(OWN);
  }

  synchronized void release(String key) {
    open.remove(key);
  }

  synchronized boolean isOpen(String key) {
    return open.contains(key);
  }

  /** The fault for bytes that are not what they should be. */
  static Fault wrongDigest(String key, Digest expected, Digest actual) {
    return new Fault.DataLoss(
        "the content of \""
            + key
            + "\" is "
            + actual
            + " and not "
            + expected
            + ": it was damaged"
            + " on the way; fetch it again");
  }

  /** The fault for too many or too few bytes. */
  static Fault wrongSize(String key, long expected, long actual) {
    return new Fault.DataLoss(
        "the content of \""
            + key
            + "\" has "
            + actual
            + " bytes and not "
            + expected
            + ": it was damaged on the way; fetch it again");
  }
}
