package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small files of /proc and /sys. */
public final class ProcFiles {
  private ProcFiles() {}

  /** The content without white space around it; empty when there is no such file. */
  public static String read(String path) {
    // not by Files.readString: it begins with one byte, and the kernel gives the value of a number
    // below /proc/sys only to a read from the start
    try (InputStream in = new FileInputStream(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * The value behind {@code name:} or {@code name=} at the start of a line; empty when there is
   * none.
   */
  static String field(String path, String name) {
    String text;
    try {
      text = Files.readString(Path.of(path));
    } catch (IOException e) {
      throw new Fault.Internal("cannot read " + path + ": " + e.getMessage(), e);
    }
    for (String line : text.split("\n", -1)) {
      if (line.startsWith(name)
          && line.length() > name.length()
          && (line.charAt(name.length()) == ':' || line.charAt(name.length()) == '=')) {
        return line.substring(name.length() + 1).strip();
      }
    }
    return "";
  }
}
