package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Kernel parameters below /proc/sys. Those of {@code net} belong to the network namespace of the
 * calling thread.
 */
public final class Sysctl {
  private static final Path ROOT = Path.of("/proc/sys");

  private Sysctl() {}

  /**
   * Reads a parameter.
   *
   * @param path with slashes: {@code net/ipv4/ip_forward}
   * @return without the line end; empty when this kernel has no such parameter
   */
  public static Optional<String> read(String path) {
    try {
      return Optional.of(Files.readString(ROOT.resolve(path)).strip());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new Fault.Internal("cannot read the kernel parameter " + path + ": " + e, e);
    }
  }

  /**
   * Writes a parameter.
   *
   * @throws Fault.Unsupported when this kernel has no such parameter
   * @throws Fault.Forbidden when it may not be written; often /proc/sys is mounted read-only
   */
  public static void write(String path, String value) {
    try {
      Files.writeString(ROOT.resolve(path), value, java.nio.file.StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      throw new Fault.Unsupported("this kernel has no parameter " + path, e);
    } catch (IOException e) {
      throw new Fault.Forbidden(
          "cannot set the kernel parameter " + path + " to " + value + ": " + e.getMessage(), e);
    }
  }
}
