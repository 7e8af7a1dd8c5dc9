package dev.kemas.volume;

import dev.kemas.fault.Fault;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Docker's rules for names of local volumes. */
final class VolumeName {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Pattern FORM = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]+");
  private static final int MOST = 255;

  private VolumeName() {}

  static void require(String name) {
    if (name.length() == 1) {
      throw new Fault.InvalidArgument(
          "create "
              + name
              + ": volume name is too short, names should be at least two"
              + " alphanumeric characters");
    }
    if (!FORM.matcher(name).matches()) {
      throw new Fault.InvalidArgument(
          "create "
              + name
              + ": \""
              + name
              + "\" includes invalid characters for a local volume"
              + " name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a"
              + " host directory, use absolute path");
    }
    if (name.length() > MOST) {
      throw new Fault.InvalidArgument(
          "create "
              + name.substring(0, 32)
              + "...: volume name is too long, want at most "
              + MOST
              + " characters");
    }
  }

  static String random() {
    byte[] bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
