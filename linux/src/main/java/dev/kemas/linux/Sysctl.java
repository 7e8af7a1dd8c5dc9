package dev.kemas.linux;

import dev.kemas.fault.Fault;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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
    // not by Files.readString: it begins with one byte, and the kernel gives the value of a number
    // only to a read from the start
    try (InputStream in = new FileInputStream(ROOT.resolve(path).toFile())) {
      return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8).strip());
    } catch (FileNotFoundException e) {
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
