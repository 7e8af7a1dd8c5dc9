package dev.kemas.guard;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The NVIDIA kernel driver that a host runs. */
public record NvidiaDriver(Version version) {
  private static final Path PLACE = Path.of("/proc/driver/nvidia/version");
  // "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue ..." and, of the open one,
  // "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  560.35.03  Release Build ..."
  private static final Pattern LINE =
      Pattern.compile("NVRM version:.*?Kernel Module.*?\\s(\\d{3,}(?:\\.\\d+)+)\\s");

  /**
   * The driver of this host; empty where none is loaded.
   *
   * @throws Fault.Unavailable when there is one and it cannot be asked
   */
  public static Optional<NvidiaDriver> ofHost() {
    try {
      return of(Files.readString(PLACE));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IOException e) {
      throw new Fault.Unavailable("cannot read " + PLACE + ": " + e, e);
    }
  }

  /** Reads what the kernel shows at {@code /proc/driver/nvidia/version}. */
  public static Optional<NvidiaDriver> of(String text) {
    Matcher matcher = LINE.matcher(text + " ");
    return matcher.find() ? Version.of(matcher.group(1)).map(NvidiaDriver::new) : Optional.empty();
  }
}
