package dev.kemas.nftables;

import dev.kemas.fault.Fault;
import dev.kemas.linux.Errno;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The program nft, one process a transaction. */
final class NftProgram implements Nftables {
  private final String path;

  NftProgram(String path) {
    this.path = path;
  }

  static NftProgram find() {
    for (String folder : new String[] {"/usr/sbin", "/sbin", "/usr/bin", "/usr/local/sbin"}) {
      if (Files.isExecutable(Path.of(folder, "nft"))) {
        return new NftProgram(folder + "/nft");
      }
    }
    throw new Fault.Unsupported(
        "neither libnftables.so.1 nor the program nft is installed; install the package nftables");
  }

  @Override
  public String run(String commands) {
    return start(commands, path, "-f", "-");
  }

  @Override
  public String runJson(String commands) {
    // with -j the standard input would be read twice, first as JSON (nft 1.0)
    return start("", path, "-j", commands);
  }

  /** The child is made by the calling thread and so starts in its network namespace. */
  private static String start(String commands, String... command) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().put("LC_ALL", "C");
      Process process = builder.start();
      StringBuilder complaint = new StringBuilder();
      Thread errors =
          Thread.ofVirtual().start(() -> complaint.append(read(process.getErrorStream())));
      try (var in = process.getOutputStream()) {
        in.write(commands.getBytes(StandardCharsets.UTF_8));
      }
      String printed = read(process.getInputStream());
      int code = process.waitFor();
      errors.join();
      if (code != 0) {
        throw NftComplaint.of(complaint.toString(), NftProgram::strerror);
      }
      return printed;
    } catch (IOException e) {
      throw new Fault.Internal("cannot run " + command[0] + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault.Cancelled("interrupted while nft ran");
    }
  }

  /** strerror(3) in the C locale, of those that matter here. */
  private static String strerror(Errno errno) {
    return switch (errno) {
      case ENOENT -> "No such file or directory";
      case EEXIST -> "File exists";
      case EPERM -> "Operation not permitted";
      case EOPNOTSUPP -> "Operation not supported";
      default -> errno.name();
    };
  }

  private static String read(InputStream in) {
    try (in) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {}
}
